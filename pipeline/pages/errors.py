"""What can go wrong around pages, beside what is wrong with a page itself."""

from schemas.errors import ConfigError, TransientError


class WorkerLostError(TransientError):
    """The processes that read a page were ended again and again, and not by the page."""

    code = "pages.worker_lost"


class PoolClosedError(TransientError):
    """The pool was closed while a page waited: the process that reads is stopping."""

    code = "pages.closed"


class ClusterError(TransientError):
    """The Dask cluster does not answer or has no worker."""

    code = "pages.cluster_unreachable"


class DaskMissingError(ConfigError):
    """A Dask cluster is set and its client is not installed."""

    code = "pages.not_installed"


class UnfitWorkerError(ConfigError):
    """A Dask worker has other code, other models or more threads than the pool can use."""

    code = "pages.unfit_worker"
