# The image of one learner on a hub (docs/server.md). The suite lies in /opt/hrd, which learners
# read and cannot write; their notebooks and answers are in their home folder.
FROM docker.io/library/python:3.12-slim
# The same JupyterHub as the hub's own (Zero to JupyterHub's chart says which).
ARG JUPYTERHUB=5.*
RUN useradd --create-home --uid 1000 jovyan
COPY requirements.lock /opt/hrd/
RUN python -m pip install --no-cache-dir --require-hashes --no-deps -r /opt/hrd/requirements.lock \
    && python -m pip install --no-cache-dir "jupyterhub==${JUPYTERHUB}"
COPY . /opt/hrd
RUN python -m pip install --no-cache-dir --no-deps -e /opt/hrd && python -m helpers.server
ENV OMP_NUM_THREADS=1
USER jovyan
WORKDIR /home/jovyan
CMD ["jupyterhub-singleuser"]
