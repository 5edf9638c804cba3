"""Settings that every test shares."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "zishen",
    derandomize=True,  # a red build is red again on the next machine
    deadline=None,  # two busy cores tell nothing about an algorithm
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("zishen")
