"""The ground stands: the application starts and serves."""

from tests.cast import Cast


def test_the_process_says_that_it_lives_and_can_serve(cast: Cast) -> None:
    assert cast.client().get("/healthz").status_code == 200
    assert cast.client().get("/readyz").status_code == 200
