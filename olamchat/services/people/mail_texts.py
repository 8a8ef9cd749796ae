"""What mails say, in the page's four languages."""

from dataclasses import dataclass
from html import escape
from urllib.parse import urlsplit

from olamchat.environment import environment
from olamchat.mail import Mail

LANGUAGES = ("en", "de", "zh", "ar")


@dataclass(frozen=True, kw_only=True)
class _Words:
    subject: str
    what: str
    button: str
    otherwise: str


_RESET = {
    "en": _Words(
        subject="Choose a new password for {host}",
        what="Somebody, probably you, has asked for a new password for your account at {host}. Choose one here within {minutes} minutes:",
        button="Choose a new password",
        otherwise="If it wasn't you, ignore this mail: your password stays as it is.",
    ),
    "de": _Words(
        subject="Neues Passwort für {host} wählen",
        what="Jemand, vermutlich du, hat für dein Konto bei {host} ein neues Passwort angefordert. Wähle es hier innerhalb von {minutes} Minuten:",
        button="Neues Passwort wählen",
        otherwise="Wenn du das nicht warst, ignoriere diese Mail: Dein Passwort bleibt, wie es ist.",
    ),
    "zh": _Words(
        subject="为 {host} 设置新密码",
        what="有人（很可能是您）为您在 {host} 的账户请求了新密码。请在 {minutes} 分钟内点击此处设置：",
        button="设置新密码",
        otherwise="如果不是您本人，请忽略此邮件：您的密码不会改变。",
    ),
    "ar": _Words(
        subject="اختر كلمة مرور جديدة لـ {host}",
        what="طلب شخص ما، والأرجح أنه أنت، كلمة مرور جديدة لحسابك على {host}. اخترها هنا خلال {minutes} دقيقة:",
        button="اختيار كلمة مرور جديدة",
        otherwise="إذا لم تكن أنت، فتجاهل هذه الرسالة: تبقى كلمة مرورك كما هي.",
    ),
}


def reset(*, to: str, language: str, token: str, minutes: int) -> Mail:
    """Return the mail with the link to a new password. The token stands after the #, where no server sees it."""
    words, place = _RESET[language], environment().public_url.rstrip("/")
    link = f"{place}/reset#token={token}"
    gaps = {"host": urlsplit(place).netloc, "minutes": minutes}
    subject, what = words.subject.format(**gaps), words.what.format(**gaps)
    return Mail(
        to=to,
        subject=subject,
        text=f"{what}\n\n{link}\n\n{words.otherwise}\n",
        html=_html(language, what, f'<a href="{escape(link)}">{escape(words.button)}</a>', words.otherwise),
        language=language,
    )


def _html(language: str, what: str, link: str, otherwise: str) -> str:
    direction = "rtl" if language == "ar" else "ltr"
    body = f"<p>{escape(what)}</p><p>{link}</p><p>{escape(otherwise)}</p>"
    return f'<!doctype html><html lang="{language}" dir="{direction}"><body style="font: 16px sans-serif">{body}</body></html>'
