"""What mails say, in the page's four languages."""

from dataclasses import dataclass
from html import escape
from urllib.parse import urlsplit

from olamchat.environment import environment
from olamchat.network.mail import Mail

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

_NEW_EMAIL = {
    "en": _Words(
        subject="Confirm your new email for {host}",
        what="Your account at {host} is to have this email. Confirm it here within {minutes} minutes:",
        button="Confirm this email",
        otherwise="If you didn't ask for this, ignore this mail.",
    ),
    "de": _Words(
        subject="Bestätige deine neue E-Mail-Adresse für {host}",
        what="Dein Konto bei {host} soll diese E-Mail-Adresse bekommen. Bestätige sie hier innerhalb von {minutes} Minuten:",
        button="Adresse bestätigen",
        otherwise="Wenn du das nicht wolltest, ignoriere diese Mail.",
    ),
    "zh": _Words(
        subject="确认您在 {host} 的新邮箱",
        what="您在 {host} 的账户将改用此邮箱。请在 {minutes} 分钟内点击此处确认：",
        button="确认此邮箱",
        otherwise="如果不是您的请求，请忽略此邮件。",
    ),
    "ar": _Words(
        subject="أكّد بريدك الجديد لـ {host}",
        what="سيستخدم حسابك على {host} هذا البريد الإلكتروني. أكّده هنا خلال {minutes} دقيقة:",
        button="تأكيد هذا البريد",
        otherwise="إذا لم تطلب ذلك، فتجاهل هذه الرسالة.",
    ),
}
_EMAIL_CHANGED = {
    "en": (
        "The email of your account at {host} has changed",
        "Your account at {host} now has the email {new}. If this wasn't you, contact your administrator at once.",
    ),
    "de": (
        "Die E-Mail-Adresse deines Kontos bei {host} wurde geändert",
        "Dein Konto bei {host} hat jetzt die E-Mail-Adresse {new}. Wenn du das nicht warst, wende dich sofort an deinen Administrator.",
    ),
    "zh": ("您在 {host} 的账户邮箱已更改", "您在 {host} 的账户现在使用邮箱 {new}。如果不是您本人操作，请立即联系管理员。"),
    "ar": ("تغيّر بريد حسابك على {host}", "يستخدم حسابك على {host} الآن البريد {new}. إذا لم تكن أنت، فاتصل بالمشرف فورًا."),
}

_PASSKEY_ADDED = {
    "en": (
        "A passkey was added to your account at {host}",
        "The passkey “{name}” was added to your account at {host}. It can be used to sign in. If this wasn't you, contact your administrator at once.",
    ),
    "de": (
        "Deinem Konto bei {host} wurde ein Passkey hinzugefügt",
        "Deinem Konto bei {host} wurde der Passkey „{name}“ hinzugefügt. Mit ihm kann man sich anmelden. Wenn du das nicht warst, wende dich sofort an deinen Administrator.",
    ),
    "zh": (
        "您在 {host} 的账户已添加通行密钥",
        "通行密钥“{name}”已添加到您在 {host} 的账户，可用于登录。如果不是您本人操作，请立即联系管理员。",
    ),
    "ar": (
        "أُضيف مفتاح مرور إلى حسابك على {host}",
        "أُضيف مفتاح المرور «{name}» إلى حسابك على {host}، ويمكن تسجيل الدخول به. إذا لم تكن أنت، فاتصل بالمشرف فورًا.",
    ),
}


def reset(*, to: str, language: str, token: str, minutes: int) -> Mail:
    """Return the mail with the link to a new password."""
    return _linking(_RESET[language], "reset", to=to, language=language, token=token, minutes=minutes)


def new_email(*, to: str, language: str, token: str, minutes: int) -> Mail:
    """Return the mail with the link that confirms the address it is sent to."""
    return _linking(_NEW_EMAIL[language], "email", to=to, language=language, token=token, minutes=minutes)


def email_changed(*, to: str, language: str, new: str) -> Mail:
    """Return the notice to the address that an account had before."""
    return _notice(_EMAIL_CHANGED[language], to=to, language=language, new=new)


def passkey_added(*, to: str, language: str, name: str) -> Mail:
    """Return the notice that a passkey was added to an account."""
    return _notice(_PASSKEY_ADDED[language], to=to, language=language, name=name)


def _notice(words: tuple[str, str], *, to: str, language: str, **gaps: str) -> Mail:
    """Write a mail that only tells something."""
    subject, what = (each.format(host=_host(), **gaps) for each in words)
    return Mail(to=to, subject=subject, text=f"{what}\n", html=_html(language, escape(what)), language=language)


def _linking(words: _Words, page: str, *, to: str, language: str, token: str, minutes: int) -> Mail:
    """Write a mail with a link. The token stands after the #, where no server sees it."""
    link = f"{environment().public_url.rstrip('/')}/{page}#token={token}"
    gaps = {"host": _host(), "minutes": minutes}
    subject, what = words.subject.format(**gaps), words.what.format(**gaps)
    anchor = f'<a href="{escape(link)}">{escape(words.button)}</a>'
    return Mail(
        to=to,
        subject=subject,
        text=f"{what}\n\n{link}\n\n{words.otherwise}\n",
        html=_html(language, escape(what), anchor, escape(words.otherwise)),
        language=language,
    )


def _host() -> str:
    return urlsplit(environment().public_url).netloc


def _html(language: str, *paragraphs: str) -> str:
    direction = "rtl" if language == "ar" else "ltr"
    body = "".join(f"<p>{each}</p>" for each in paragraphs)
    return f'<!doctype html><html lang="{language}" dir="{direction}"><body style="font: 16px sans-serif">{body}</body></html>'
