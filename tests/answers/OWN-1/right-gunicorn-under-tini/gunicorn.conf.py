import os

bind = "0.0.0.0:" + os.environ["PORT"]
workers = 2
worker_class = "uvicorn.workers.UvicornWorker"
worker_tmp_dir = "/dev/shm"
graceful_timeout = 30
control_socket_disable = True
