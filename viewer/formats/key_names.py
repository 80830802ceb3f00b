"""Under which names front matters and the heads of bodies say title, channel, date, length, tags and videos."""

from __future__ import annotations

# Names are compared in lower case without "_", "-", "." and spaces: video_id, videoId and Video-ID are one.
TITLE = ("title", "name", "videotitle", "episodetitle", "episode")
CHANNEL = (
    "channel", "channelname", "channeltitle", "author", "authors", "uploader", "creator", "publisher",
    "podcast", "podcastname", "show", "showname", "youtubechannel",
)  # fmt: skip
DATE = (
    "uploaddate", "date", "published", "publishedat", "publisheddate", "publishdate", "pubdate",
    "releasedate", "datepublished", "airdate", "videodate", "publicationdate", "uploaded", "uploadedat", "released",
    "episodedate", "recordeddate", "recordingdate", "recordedat", "recorded",
)  # fmt: skip
DURATION = ("duration", "durationseconds", "lengthseconds", "length", "videolength", "runtime")
DURATION_WRITTEN = ("durationformatted", "durationstring", "durationtext")
ID = ("videoid", "youtubeid", "ytid", "youtubevideoid", "id")
ADDRESS = (
    "url",
    "videourl",
    "youtubeurl",
    "webpageurl",
    "originalurl",
    "youtube",
    "video",
    "link",
    "source",
    "sourceurl",
    "media",
    "mediaurl",
    "videolink",
    "youtubelink",
    "episodeurl",
)
SURE_ADDRESS = ("videourl", "youtubeurl", "webpageurl", "video", "videolink", "youtubelink")
MANY = ("videos", "videoids", "videourls")
TAGS = ("tags", "tag", "keywords", "topics")
CATEGORIES = ("categories", "category")
PICTURE = ("thumbnail", "thumbnailurl", "cover", "image", "coverimage", "picture")
VIEWS = ("viewcount", "views")
SUMMARY = ("summary", "excerpt", "description", "abstract")
CHAPTERS = ("chapters", "videochapters", "timestamps")
NESTED = ("taxonomies", "extra", "params", "video", "metadata", "meta")


def key_of(name: str) -> str:
    """A name as it is compared: lower case, without ``_``, ``-``, ``.`` and spaces, in English."""
    key = name.lower().translate(_DROPPED)
    return _ELSEWHERE.get(key, key)


_DROPPED = str.maketrans("", "", "_- .")

_ELSEWHERE = {
    name: key
    for key, names in {
        "channel": "kanal canal canale chaîne канал канала القناة قناة کانال ערוץ चैनल ช่อง kênh チャンネル チャンネル名 频道 頻道 채널",
        "author": "autor auteur autore auteurs автор المؤلف نویسنده מחבר लेखक tácgiả 作者 投稿者 발행자",
        "date": (
            "datum fecha дата التاريخ تاريخالنشر تاریخ תאריך दिनांक วันที่ ngày tanggal tarih 日付 投稿日 公開日 配信日 日期 发布日期 發佈日期 "
            "發布日期 发布时间 上传日期 上傳日期 날짜 게시일 업로드날짜 publicado publiéle veröffentlicht veröffentlichtam опубликовано"
        ),
        "duration": (
            "dauer länge laufzeit durée duración duração durata duur længde długość süre длительность продолжительность المدة مدةالفيديو "
            "مدت משך अवधि ระยะเวลา thờilượng durasi 再生時間 時間 長さ 时长 時長 视频时长 길이 재생시간"
        ),
        "views": "aufrufe vues vistas visualizaciones visualizações visualizzazioni просмотры المشاهدات צפיות 再生回数 播放量 观看次数 觀看次數 조회수",
        "source": "quelle fonte fuente bron källa źródło kaynak источник المصدر منبع מקור स्रोत ที่มา nguồn sumber 出典 来源 來源 원본 출처",
        "link": "enlace lien collegamento ссылка الرابط رابطالفيديو لینک קישור लिंक ลิงก์ liênkết リンク 链接 鏈接 連結 视频链接 影片連結 原视频 링크",
        "title": "titel titre título titulo titolo название العنوان عنوان כותרת शीर्षक tiêuđề タイトル 标题 標題 제목",
        "tags": "schlagwörter étiquettes etiquetas теги метки الوسوم תגיות タグ 标签 標籤 태그",
    }.items()
    for name in names.split()
}
"""Names of keys in other languages, as :func:`key_of` makes them, and the English ones they mean."""


def is_known_key(name: str) -> bool:
    """Whether a name, however it is spelled, is one under which notes say channel, date, length, views or video."""
    return key_of(name) in FACTS


FACTS = frozenset((*CHANNEL, *DATE, *DURATION, *DURATION_WRITTEN, *ID, *ADDRESS, *VIEWS)) - {"show"}
