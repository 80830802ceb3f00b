"""Headings of the usual parts in other languages than English, under the values of :class:`viewer.formats.roles.Role`.

Only words that announce the part and nothing else: a heading of a language is added when it was seen in a note.
Names are compared as :func:`viewer.formats.roles.normal_title` gives them: lower case, ``and`` for ``&``.
"""

from __future__ import annotations

NAMES_ELSEWHERE: dict[str, tuple[str, ...]] = {
    "summary": (
        "zusammenfassung", "überblick", "kurzfassung", "résumé", "synthèse", "resumen", "resumo", "riassunto", "sommario",
        "samenvatting", "sammanfattning", "resumé", "sammendrag", "yhteenveto", "podsumowanie", "streszczenie", "shrnutí",
        "összefoglaló", "rezumat", "özet", "саммари", "краткое содержание", "резюме", "короткий зміст", "підсумок", "περίληψη",
        "الملخص", "ملخص", "خلاصه", "چکیده", "תקציר", "סיכום", "सारांश", "সারসংক্ষেপ", "சுருக்கம்", "สรุป", "tóm tắt",
        "ringkasan", "要約", "概要", "まとめ", "サマリー", "摘要", "总结", "總結", "概述", "内容概要", "內容概要", "智能纪要", "요약",
    ),
    "highlights": (
        "höhepunkte", "temps forts", "moments forts", "momentos destacados", "destaques", "melhores momentos", "momenti salienti",
        "hoogtepunten", "яркие моменты", "лучшие моменты", "أبرز اللحظات", "أبرز المقاطع", "ハイライト", "見どころ", "精彩片段", "高光时刻",
        "高光時刻", "하이라이트", "điểm nổi bật", "öne çıkanlar",
    ),
    "key points": (
        "kernaussagen", "kernpunkte", "wichtigste punkte", "die wichtigsten punkte", "das wichtigste", "points clés", "points essentiels",
        "idées clés", "puntos clave", "ideas clave", "puntos principales", "pontos chave", "pontos principais", "ideias principais",
        "principais pontos", "punti chiave", "punti principali", "belangrijkste punten", "kernpunten", "viktiga punkter",
        "najważniejsze punkty", "kluczowe punkty", "önemli noktalar", "ana noktalar", "ключевые моменты", "ключевые мысли",
        "основные тезисы", "главные мысли", "ключові моменти", "النقاط الرئيسية", "أهم النقاط", "النقاط المهمة", "نکات کلیدی",
        "נקודות מפתח", "נקודות עיקריות", "मुख्य बिंदु", "ประเด็นสำคัญ", "điểm chính", "những điểm chính", "poin penting", "poin utama",
        "要点", "要點", "ポイント", "重要なポイント", "主なポイント", "关键要点", "關鍵要點", "核心要点", "核心观点", "核心觀點", "重点", "重點",
        "핵심 포인트", "핵심 내용", "주요 내용",
    ),
    "mentions": (
        "erwähnungen", "erwähnt", "mentionnés", "menciones", "mencionados", "menções", "menzioni", "упоминания", "упомянуто",
        "الإشارات", "אזכורים", "उल्लेख",
    ),
    "quotes": (
        "zitate", "wichtige zitate", "die besten zitate", "bemerkenswerte zitate", "citations marquantes", "citas",
        "citas destacadas", "frases destacadas", "citações", "frases marcantes", "citazioni", "citazioni notevoli", "citaten",
        "cytaty", "alıntılar", "цитаты", "лучшие цитаты", "ключевые цитаты", "цитати", "اقتباسات", "أبرز الاقتباسات", "نقل قول ها",
        "ציטוטים", "उद्धरण", "คำคม", "trích dẫn", "kutipan", "名言", "印象的な発言", "金句", "金句摘录", "金句摘錄", "精彩引述", "인용구",
    ),
    "transcript": (
        "transkript", "transkription", "volltranskript", "vollständiges transkript", "mitschrift", "wortprotokoll", "transcription",
        "transcription complète", "transcripción", "transcripción completa", "transcrição", "transcrição completa", "transcricao",
        "trascrizione", "trascrizione completa", "transcriptie", "volledig transcript", "litteratie", "transkripsjon", "transskription",
        "litterointi", "transkrypcja", "transkrypt", "přepis", "prepis", "átirat", "transcriere", "transkripsiyon", "deşifre",
        "транскрипт", "транскрипция", "полный транскрипт", "расшифровка", "полная расшифровка", "стенограмма", "текст видео",
        "транскрипція", "розшифровка", "απομαγνητοφώνηση", "النص الكامل", "التفريغ", "التفريغ النصي", "نص الفيديو", "تفريغ نصي",
        "متن کامل", "رونوشت", "תמלול", "תמליל", "תמלול מלא", "प्रतिलेख", "ट्रांसक्रिप्ट", "प्रतिलिपि", "ট্রান্সক্রিপ্ট", "บทถอดเสียง",
        "ถอดความ", "bản chép lời", "transkrip", "文字起こし", "書き起こし", "全文文字起こし", "文字起こし全文",
        "トランスクリプト", "逐字稿", "文字稿", "完整逐字稿", "完整文字稿", "转录", "轉錄", "视频转录", "視頻轉錄", "影片逐字稿", "转录文本",
        "文字记录", "文字記錄", "字幕全文", "完整字幕", "对话实录", "녹취록", "전사", "자막",
    ),
    "chapters": (
        "kapitel", "zeitmarken", "zeitstempel", "chapitres", "minutage", "capítulos", "marcas de tiempo", "minutagem", "capitoli",
        "hoofdstukken", "tijdstempels", "rozdziały", "bölümler", "zaman damgaları", "главы", "таймкоды", "тайм коды", "розділи", "таймкоди",
        "الفصول", "فهرس الفيديو", "פרקים", "अध्याय", "チャプター", "目次とタイムスタンプ", "タイムスタンプ", "章节", "章節", "时间轴", "時間軸", "时间戳",
        "時間戳", "챕터", "타임스탬프", "chương", "mốc thời gian",
    ),
}  # fmt: skip
