"""A real object store on this machine: SeaweedFS, listening on the loopback only."""

import json
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import boto3
import pytest
from botocore.config import Config

KEY, SECRET, BUCKET = "nourx-test", "nourx-test-secret", "nourx-private"
GRPC = 10_000  # each server also listens this many ports above its own
PATIENCE = 30


def free_port() -> int:
    """Return a port that is free, as is the one its gRPC side takes."""
    while True:
        with socket.socket() as one, socket.socket() as two:
            one.bind(("127.0.0.1", 0))
            port = one.getsockname()[1] - GRPC
            if port < 1024:
                continue
            try:
                two.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


@pytest.fixture(scope="session")
def s3(tmp_path_factory):
    """Run an S3 server with one private bucket; return what the settings need to reach it."""
    folder = tmp_path_factory.mktemp("weed")
    port = free_port()
    server = subprocess.Popen(
        _command(folder, port), cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(address, server)
        boto3.client(
            "s3",
            endpoint_url=address,
            aws_access_key_id=KEY,
            aws_secret_access_key=SECRET,
            region_name="us-east-1",
            config=Config(retries={"max_attempts": 10}),
        ).create_bucket(Bucket=BUCKET)
        yield address
    finally:
        server.kill()
        server.wait()


def _command(folder: Path, port: int) -> list[str]:
    credentials = [{"accessKey": KEY, "secretKey": SECRET}]
    identity = {"name": "nourx", "credentials": credentials, "actions": ["Admin", "Read", "Write"]}
    (folder / "identities.json").write_text(json.dumps({"identities": [identity]}))
    return [
        str(Path(sys.executable).with_name("weed")),
        "server",
        "-ip=127.0.0.1",
        "-ip.bind=127.0.0.1",
        f"-dir={folder}",
        f"-master.port={free_port()}",
        "-master.telemetry=false",
        "-master.volumeSizeLimitMB=64",
        f"-volume.port={free_port()}",
        "-volume.max=4",
        "-filer",
        f"-filer.port={free_port()}",
        "-s3",
        f"-s3.port={port}",
        "-s3.port.iceberg=0",
        "-s3.port.lance=0",
        "-s3.config=identities.json",
    ]


def _wait_for(address: str, server: subprocess.Popen) -> None:
    """Wait until the server refuses strangers, which it does once it is up."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            urlopen(address, timeout=1)
        except HTTPError:
            return
        except (URLError, OSError):
            with suppress(subprocess.TimeoutExpired):
                pytest.fail(f"The S3 server ended with {server.wait(timeout=0.1)}.")
    pytest.fail("The S3 server did not start.")


@pytest.fixture
def on_s3(settings, s3):
    """Keep private files in the bucket, as with AWS_* in the environment."""
    options = {
        **settings.PRIVATE_STORAGE_ON_S3["OPTIONS"],
        "bucket_name": BUCKET,
        "access_key": KEY,
        "secret_key": SECRET,
        "region_name": "us-east-1",
        "endpoint_url": s3,
        "querystring_expire": settings.FILE_LINK_SECONDS,
    }
    store = {**settings.PRIVATE_STORAGE_ON_S3, "OPTIONS": options}
    settings.STORAGES = {**settings.STORAGES, "private": store}
    settings.S3_BUCKET = BUCKET
    return s3


@pytest.fixture
def private_on_disk(settings, tmp_path):
    """Keep private files in a folder of the test; return it."""
    disk = settings.STORAGES["private"]
    options = {**disk["OPTIONS"], "location": tmp_path / "private"}
    settings.STORAGES = {**settings.STORAGES, "private": {**disk, "OPTIONS": options}}
    return tmp_path / "private"
