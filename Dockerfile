# One image for every topology: `up` is the whole platform, each room's name is that room alone.
FROM python:3.12.12-slim-bookworm AS build
WORKDIR /src
RUN python -m venv /opt/billtrail
COPY requirements.lock .
RUN /opt/billtrail/bin/pip install --no-cache-dir --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY billtrail billtrail
COPY collector collector
COPY correlators correlators
COPY slos slos
COPY alerts alerts
COPY dashboards dashboards
COPY simulator simulator
RUN /opt/billtrail/bin/pip install --no-cache-dir --no-deps --no-build-isolation . \
    # The lock is one for work and for use; what only work needs stays behind.
    && /opt/billtrail/bin/pip uninstall -y hypothesis import-linter mypy networkx playwright pytest ruff

FROM python:3.12.12-slim-bookworm
RUN useradd --uid 10001 --create-home billtrail && install -d -o billtrail -g billtrail /data
COPY --from=build /opt/billtrail /opt/billtrail
ENV PATH=/opt/billtrail/bin:$PATH PYTHONUNBUFFERED=1
USER billtrail
WORKDIR /data
VOLUME /data
EXPOSE 4317 4318 8123 8501
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:4318/healthz', timeout=2)"]
ENTRYPOINT ["billtrail"]
CMD ["up", "--data", "/data"]
