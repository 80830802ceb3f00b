"""What `packaging/build` and `soundbite.spec` share. Standard library only, except where a module says otherwise."""
