FROM python:3.12-slim-bookworm
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /app
COPY requirements.lock requirements-engines.lock pyproject.toml README.md ./
RUN pip install --no-cache-dir --no-deps --require-hashes -r requirements.lock \
 && pip install --no-cache-dir --no-deps --require-hashes -r requirements-engines.lock
COPY storage storage
COPY nlp nlp
COPY collector collector
COPY dossier dossier
COPY appraisal appraisal
COPY api api
COPY demo demo
RUN pip install --no-cache-dir --no-deps --no-build-isolation . \
 && useradd --uid 1000 --create-home shiji && mkdir /data && chown shiji /data
USER shiji
EXPOSE 8000
CMD ["shiji", "serve"]
