# Three stages: the pages' assets, the wheel, and a small image that runs as nobody in particular.
FROM node:22-bookworm-slim AS assets
WORKDIR /src/web/front
COPY web/front/package.json web/front/package-lock.json ./
RUN npm ci
COPY web/front ./
RUN npm run build

FROM python:3.11-slim-bookworm AS wheel
WORKDIR /src
COPY . .
COPY --from=assets /src/web/static/dist web/static/dist
RUN pip install --no-cache-dir uv \
 && uv venv /opt/moothall \
 && uv pip install --compile-bytecode --python /opt/moothall/bin/python -r requirements.txt \
 && uv pip install --compile-bytecode --python /opt/moothall/bin/python --no-deps .

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /data moothall && mkdir /data && chown moothall /data
COPY --from=wheel /opt/moothall /opt/moothall
USER moothall
WORKDIR /data
VOLUME /data
ENV PATH=/opt/moothall/bin:$PATH MOOTHALL_HOST=0.0.0.0 MOOTHALL_DATA_DIR=/data MOOTHALL_LOG_FORMAT=json
EXPOSE 8080/tcp 1935/tcp 9000/udp 8189/udp
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
  CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8080/healthz', timeout=2)"]
CMD ["moothall", "serve"]
