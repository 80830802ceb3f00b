; Inno Setup 6 script. Recipe, not yet run: see README.md beside it.
;   iscc /DVersion=0.1.0 packaging\windows\soundbite.iss
#ifndef Version
  #error Say the version: iscc /DVersion=...
#endif

[Setup]
AppId={{7B0C9E54-6F0B-4A53-9C39-2D1E6E0B7A41}
AppName=Soundbite
AppVersion={#Version}
AppPublisher=The Soundbite authors
DefaultDirName={autopf}\Soundbite
DefaultGroupName=Soundbite
DisableProgramGroupPage=yes
; For one user without an administrator; the user may choose "for all".
PrivilegesRequired=lowest
PrivilegesRequiredOverridesAllowed=dialog
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
MinVersion=10.0.17763
LicenseFile=..\..\LICENSE
OutputDir=..\..\dist
OutputBaseFilename=soundbite-{#Version}-windows-x64
SetupIconFile=..\..\build\soundbite.ico
UninstallDisplayIcon={app}\soundbite.exe
Compression=lzma2/max
SolidCompression=yes
ChangesAssociations=yes
CloseApplications=yes
WizardStyle=modern

[Files]
Source: "..\..\build\bundle\soundbite\*"; DestDir: "{app}"; Flags: recursesubdirs ignoreversion

[Icons]
Name: "{group}\Soundbite"; Filename: "{app}\soundbite.exe"; AppUserModelID: "Soundbite"
Name: "{autodesktop}\Soundbite"; Filename: "{app}\soundbite.exe"; Tasks: desktopicon

[Tasks]
Name: desktopicon; Description: "{cm:CreateDesktopIcon}"; Flags: unchecked

[Registry]
; The program's own addresses.
Root: HKA; Subkey: "Software\Classes\soundbite"; ValueType: string; ValueData: "URL:Soundbite"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\soundbite"; ValueType: string; ValueName: "URL Protocol"; ValueData: ""
Root: HKA; Subkey: "Software\Classes\soundbite\shell\open\command"; ValueType: string; ValueData: """{app}\soundbite.exe"" ""%1"""
; "Open with" only: no file type's default is touched.
Root: HKA; Subkey: "Software\Classes\Applications\soundbite.exe\shell\open\command"; ValueType: string; ValueData: """{app}\soundbite.exe"" ""%1"""; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\Applications\soundbite.exe\SupportedTypes"; ValueType: string; ValueName: ".md"; ValueData: ""
Root: HKA; Subkey: "Software\Classes\Applications\soundbite.exe\SupportedTypes"; ValueType: string; ValueName: ".txt"; ValueData: ""
Root: HKA; Subkey: "Software\Classes\Applications\soundbite.exe\SupportedTypes"; ValueType: string; ValueName: ".vtt"; ValueData: ""
Root: HKA; Subkey: "Software\Classes\Applications\soundbite.exe\SupportedTypes"; ValueType: string; ValueName: ".srt"; ValueData: ""

[Run]
Filename: "{app}\soundbite.exe"; Description: "{cm:LaunchProgram,Soundbite}"; Flags: nowait postinstall skipifsilent

[InstallDelete]
; Files that an older version had and this one has not must not stay beside it.
Type: filesandordirs; Name: "{app}\_internal"
