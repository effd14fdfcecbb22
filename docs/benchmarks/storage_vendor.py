#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What storage.py compares with: a file, or a folder of files, moved by the Python client of a store's vendor.

Usage: storage_vendor.py s3|gcs|azure up|down|up-many|down-many ADDRESS LOCAL CONCURRENCY
"""

import os
import sys
from concurrent.futures import ThreadPoolExecutor

BUCKET, ACCOUNT, KEY, SECRET = "bucket", "benchmark", "benchmark-key", "YmVuY2htYXJrLXNlY3JldA=="
PART = 8 << 20


def names(folder):
    return sorted(os.listdir(folder))


class S3:
    """As the ClearML SDK calls it; many files as the command line of AWS moves them."""

    def __init__(self, address, concurrency):
        import boto3
        from boto3.s3.transfer import TransferConfig, create_transfer_manager
        from botocore.config import Config

        self.client = boto3.client("s3", endpoint_url=address, aws_access_key_id=KEY, aws_secret_access_key=SECRET,
                                   region_name="us-east-1", config=Config(max_pool_connections=512))
        self.config = TransferConfig(max_concurrency=concurrency, multipart_threshold=PART, multipart_chunksize=PART)
        self.manager = lambda: create_transfer_manager(self.client, self.config)

    def up(self, file):
        self.client.upload_file(file, BUCKET, "object", Config=self.config)

    def down(self, file):
        self.client.download_file(BUCKET, "object", file, Config=self.config)

    def up_many(self, folder):
        with self.manager() as manager:
            for each in [manager.upload(os.path.join(folder, name), BUCKET, "many/" + name) for name in names(folder)]:
                each.result()

    def down_many(self, folder):
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix="many/")
        with self.manager() as manager:
            for each in [manager.download(BUCKET, entry["Key"], os.path.join(folder, entry["Key"][5:]))
                         for page in pages for entry in page["Contents"]]:
                each.result()


class Google:
    """With its transfer manager, in threads: its processes do not reach an emulator without credentials."""

    def __init__(self, address, concurrency):
        from google.auth.credentials import AnonymousCredentials
        from google.cloud import storage
        from google.cloud.storage import transfer_manager
        from requests.adapters import HTTPAdapter

        self.manager = transfer_manager
        client = storage.Client(project="test", credentials=AnonymousCredentials(),
                                client_options={"api_endpoint": address})
        # the pool of its connections holds ten unless its caller replaces it
        client._http.mount("http://", HTTPAdapter(pool_maxsize=concurrency))
        self.bucket = client.bucket(BUCKET)
        self.threads = {"worker_type": transfer_manager.THREAD, "max_workers": concurrency}

    def up(self, file):
        # uploads in parts need the XML interface, which the emulator lacks for them
        self.bucket.blob("object").upload_from_filename(file)

    def down(self, file):
        self.manager.download_chunks_concurrently(self.bucket.blob("object"), file, chunk_size=PART, **self.threads)

    def up_many(self, folder):
        self.manager.upload_many_from_filenames(self.bucket, names(folder), source_directory=folder,
                                                blob_name_prefix="many/", raise_exception=True, **self.threads)

    def down_many(self, folder):
        listed = [blob.name[5:] for blob in self.bucket.list_blobs(prefix="many/")]
        self.manager.download_many_to_path(self.bucket, listed, destination_directory=folder,
                                           blob_name_prefix="many/", raise_exception=True, **self.threads)


class Azure:
    def __init__(self, address, concurrency):
        from azure.storage.blob import ContainerClient

        self.concurrency = concurrency
        self.container = ContainerClient(
            f"{address}/{ACCOUNT}", BUCKET, credential={"account_name": ACCOUNT, "account_key": SECRET},
            max_single_put_size=PART, max_block_size=PART, max_single_get_size=PART, max_chunk_get_size=PART)

    def up(self, file):
        self.send("object", file, self.concurrency)

    def down(self, file):
        self.fetch("object", file, self.concurrency)

    def send(self, name, file, concurrency):
        with open(file, "rb") as content:
            self.container.upload_blob(name, content, overwrite=True, max_concurrency=concurrency)

    def fetch(self, name, file, concurrency):
        with open(file, "wb") as content:
            self.container.download_blob(name, max_concurrency=concurrency).readinto(content)

    def up_many(self, folder):
        with ThreadPoolExecutor(self.concurrency) as pool:
            list(pool.map(lambda name: self.send("many/" + name, os.path.join(folder, name), 1), names(folder)))

    def down_many(self, folder):
        listed = [name for name in self.container.list_blob_names(name_starts_with="many/")]
        with ThreadPoolExecutor(self.concurrency) as pool:
            list(pool.map(lambda name: self.fetch(name, os.path.join(folder, name[5:]), 1), listed))


if __name__ == "__main__":
    store, way, address, local, concurrency = sys.argv[1:]
    client = {"s3": S3, "gcs": Google, "azure": Azure}[store](address, int(concurrency))
    getattr(client, way.replace("-", "_"))(local)
