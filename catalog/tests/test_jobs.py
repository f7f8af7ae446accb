"""Long work in rows: leased, renewed, begun again, cancelled, told about, and forgotten."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from catalog import jobs
from catalog.models import Job

LATER = timedelta(days=1)


@pytest.fixture
def kind(monkeypatch):
    """Let jobs of the kind "test" call a function that the test gives."""
    monkeypatch.setattr(jobs, "_kinds", dict(jobs._kinds))
    monkeypatch.setattr(jobs, "ring", lambda: None)
    return lambda function: jobs.register("test")(function)


def owe(**fields) -> Job:
    return jobs.enqueue("test", "Count the sheep", **fields)


def lose_worker(job: Job, attempts: int = 1) -> None:
    """As it looks when a worker was killed in the midst of the job, a while ago."""
    past = timezone.now() - timedelta(seconds=1)
    Job.objects.filter(pk=job.pk).update(
        state=Job.State.RUNNING, attempts=attempts, leased_until=past, started=past
    )


@pytest.mark.django_db
def test_a_job_is_done_once_and_keeps_its_report(kind):
    done = []

    @kind
    def work(progress):
        done.append(progress.job.arguments)
        progress.advance(0, total=3)
        progress.advance(3)
        return {"sentences": ["Three sheep."]}

    job = owe(arguments={"field": "north"})

    assert jobs.run_due() == 1
    assert jobs.run_due() == 0
    job.refresh_from_db()
    assert done == [{"field": "north"}]
    assert (job.state, job.done, job.total, job.attempts) == (Job.State.DONE, 3, 3, 1)
    assert job.report == {"sentences": ["Three sheep."]}
    assert job.leased_until is None
    assert job.started <= job.finished


@pytest.mark.django_db
def test_progress_can_be_read_while_the_job_runs(kind, monkeypatch):
    monkeypatch.setattr(jobs, "PAUSE", timedelta(0))
    seen = []

    @kind
    def work(progress):
        progress.advance(0, total=4)
        for _ in range(4):
            progress.advance()
            row = Job.objects.get(pk=progress.job.pk)
            seen.append((row.done, row.total, row.percent, row.leased_until > timezone.now()))

    owe()
    jobs.run_due()

    assert seen == [(1, 4, 25, True), (2, 4, 50, True), (3, 4, 75, True), (4, 4, 100, True)]


@pytest.mark.django_db
def test_progress_is_not_written_for_every_step(kind, django_assert_num_queries):
    @kind
    def work(progress):
        with django_assert_num_queries(1):
            progress.advance(0, total=1000)
            for _ in range(1000):
                progress.advance()

    owe()
    jobs.run_due()

    assert Job.objects.get().done == 1000


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("error", "problem"),
    [
        (jobs.JobError("There are no sheep."), "There are no sheep."),
        (ValueError("no sheep"), "ValueError: no sheep"),
    ],
)
def test_a_job_that_fails_says_why_and_does_not_stop_the_next(kind, error, problem):
    @kind
    def work(progress):
        if progress.job.arguments:
            raise error

    first, second = owe(arguments={"fail": True}), owe()

    assert jobs.run_due() == 2
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, first.problem) == (Job.State.FAILED, problem)
    assert second.state == Job.State.DONE


@pytest.mark.django_db
def test_a_job_whose_worker_was_lost_is_begun_again_when_its_lease_is_over(kind):
    attempts = []
    kind(lambda progress: attempts.append(progress.job.attempts))
    job = owe()
    lose_worker(job)
    Job.objects.update(leased_until=timezone.now() + LATER)
    assert jobs.run_due() == 0

    lose_worker(job)

    assert jobs.run_due() == 1
    assert attempts == [2]
    assert Job.objects.get().state == Job.State.DONE


@pytest.mark.django_db
def test_a_job_that_killed_three_workers_is_given_up(kind):
    kind(lambda progress: pytest.fail("it was begun again"))
    lose_worker(owe(), attempts=3)

    jobs.run_due()

    job = Job.objects.get()
    assert (job.state, job.problem) == (
        Job.State.FAILED,
        "Each worker that tried this has died.",
    )


@pytest.mark.django_db
def test_a_cancelled_job_stops_at_its_next_step_and_stays_cancelled(kind, monkeypatch):
    monkeypatch.setattr(jobs, "PAUSE", timedelta(0))
    steps = []

    @kind
    def work(progress):
        for step in range(3):
            progress.advance()
            steps.append(step)
            assert jobs.cancel(progress.job)

    owe()
    jobs.run_due()

    job = Job.objects.get()
    assert steps == [0]
    assert (job.state, job.problem, job.report) == (Job.State.CANCELLED, "", {})
    assert not jobs.cancel(job)


@pytest.mark.django_db
def test_a_worker_that_lost_its_lease_does_not_write_over_the_one_that_took_over(kind):
    @kind
    def work(progress):
        if progress.job.attempts == 1:
            # The lease runs out, and another worker does the whole job meanwhile.
            lose_worker(progress.job)
            jobs.run_due()
        return {"sentences": [f"Attempt {progress.job.attempts}"]}

    owe()
    jobs.run_due()

    assert Job.objects.get().report == {"sentences": ["Attempt 2"]}


@pytest.mark.django_db
def test_while_one_job_runs_no_other_begins(kind):
    began = []

    @kind
    def work(progress):
        began.append(progress.job.pk)
        if len(began) == 1:
            assert jobs.run_due() == 0

    first, second = owe(), owe()
    jobs.run_due()

    assert began == [first.pk, second.pk]


@pytest.mark.django_db
def test_a_job_of_a_transaction_that_rolled_back_is_not_owed(kind):
    kind(lambda progress: None)

    def ask_and_fail():
        with transaction.atomic():
            owe()
            raise ValueError("too late")

    with pytest.raises(ValueError, match="too late"):
        ask_and_fail()

    assert jobs.run_due() == 0


def race(times: int) -> int:
    """Let so many workers look for work at the same moment; return how many jobs were run."""
    start = threading.Barrier(times)

    def worker(_: int) -> int:
        try:
            start.wait(timeout=30)
            return jobs.run_due()
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return sum(pool.map(worker, range(times)))


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_workers_never_do_one_job_twice(kind):
    done = []
    kind(lambda progress: done.append(progress.job.pk))
    for _ in range(6):
        owe()
        race(2)

    assert jobs.run_due() == 0
    assert len(done) == len(set(done)) == 6


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_without_the_claim_two_workers_do_one_job_twice(kind, monkeypatch):
    """The control: looking and taking as two steps, each a transaction of its own."""
    done = []
    both_have_looked = threading.Barrier(2)
    kind(lambda progress: done.append(progress.job.pk))

    def claim_carelessly():
        job = Job.objects.filter(state=Job.State.WAITING).first()
        if job is None or done:
            return None
        both_have_looked.wait(timeout=30)
        Job.objects.filter(pk=job.pk).update(state=Job.State.RUNNING, attempts=1)
        job.attempts = 1
        return job

    monkeypatch.setattr(jobs, "_claim", claim_carelessly)
    owe()

    race(2)

    assert len(done) == 2


@pytest.mark.django_db
def test_jobs_of_long_ago_are_forgotten_with_their_files(kind, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    kind(lambda progress: {"file": default_storage.save("report.csv", ContentFile("a"))})
    owe(file=ContentFile("b", name="upload.csv"))
    waiting = jobs.enqueue("later", "Not yet")
    Job.objects.filter(pk=waiting.pk).update(created=timezone.now() - 200 * LATER)
    Job.objects.filter(kind="later").update(state=Job.State.CANCELLED)
    jobs.run_due()
    Job.objects.filter(kind="later").update(state=Job.State.WAITING)
    job = Job.objects.get(kind="test")
    names = [job.file.name, job.report["file"]]
    assert all(map(default_storage.exists, names))

    assert jobs.forget_old(timezone.now() + 89 * LATER) == 0
    assert jobs.forget_old(timezone.now() + 91 * LATER) == 1

    assert list(Job.objects.all()) == [waiting]
    assert not any(map(default_storage.exists, names))


def page_of(job: Job, name: str = "detail") -> str:
    return reverse(f"catalog_jobs:{name}", args=[job.pk])


def test_a_jobs_page_shows_how_far_it_is_and_then_what_came_of_it(editor, client, kind):
    kind(lambda progress: {"sentences": ["Three sheep, all white."]})
    job = owe(user=editor)
    waiting = client.get(page_of(job)).content.decode()
    Job.objects.update(state=Job.State.RUNNING, done=1200, total=4800)
    running = client.get(page_of(job, "state")).content.decode()
    Job.objects.update(state=Job.State.WAITING)
    jobs.run_due()
    ended = client.get(page_of(job, "state")).content.decode()

    assert "Count the sheep" in waiting
    # Without a script, the page is loaded again by hand.
    assert f'href="{page_of(job)}"' in waiting
    assert "1,200 of 4,800 (25" in running
    assert 'value="25"' in running
    assert "Three sheep, all white." in ended
    assert "data-job-unfinished" in running
    assert "data-job-unfinished" not in ended
    assert "<html" not in ended


def test_a_job_can_be_cancelled_on_its_page(editor, client, kind):
    kind(lambda progress: None)
    job = owe(user=editor)

    answer = client.post(page_of(job, "cancel"), follow=True).content.decode()
    again = client.post(page_of(job, "cancel"), follow=True).content.decode()

    assert "The job was cancelled." in answer
    assert "The job had ended already." in again
    assert Job.objects.get().state == Job.State.CANCELLED
    assert client.get(page_of(job, "cancel")).status_code == 405


def test_the_file_of_a_report_can_be_downloaded(editor, client, kind, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    kind(lambda progress: {"file": default_storage.save("report.csv", ContentFile("a;b"))})
    job = owe(user=editor)
    assert client.get(page_of(job, "file")).status_code == 404
    jobs.run_due()

    assert page_of(job, "file") in client.get(page_of(job)).content.decode()
    response = client.get(page_of(job, "file"))
    assert b"".join(response.streaming_content) == b"a;b"
    assert "attachment" in response["Content-Disposition"]


@pytest.fixture
def colleague(django_user_model, editor):
    """Somebody else who may open the admin, and no superuser."""
    user = django_user_model.objects.create_user("colleague", "c@example.com", "secret")
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    return user


@pytest.mark.parametrize("name", ["detail", "state", "cancel", "file"])
def test_somebody_elses_job_is_not_there(editor, colleague, client, kind, name):
    job = owe(user=editor)
    client.force_login(colleague)

    method = client.post if name == "cancel" else client.get
    assert method(page_of(job, name)).status_code == 404
    assert Job.objects.get().state == Job.State.WAITING


def test_the_list_shows_ones_own_jobs_and_superusers_all(editor, colleague, client, kind):
    for number in range(3):
        jobs.enqueue("test", f"Job of the editor {number}", user=editor)
    jobs.enqueue("test", "Job of the colleague", user=colleague)
    address = reverse("catalog_jobs:index")

    all_of_them = client.get(address).content.decode()
    client.force_login(colleague)
    own = client.get(address).content.decode()

    assert all_of_them.count("Job of the editor") == 3
    assert "Job of the colleague" in all_of_them
    assert "Job of the colleague" in own
    assert "Job of the editor" not in own


def test_a_longer_list_costs_no_more_queries(editor, client, kind):
    def queries(count: int) -> int:
        for _ in range(count):
            owe(user=editor)
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("catalog_jobs:index"))
        return len(captured)

    queries(1)
    assert queries(1) == queries(10)
