# zishen for compose.yaml: one image for every part. Models come into a volume (`zishen models
# install`), so that the image holds none.
FROM python:3.12-slim
RUN apt-get update \
 && apt-get install --yes --no-install-recommends libgl1 libglib2.0-0 \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY pyproject.toml constraints.txt README.md ./
COPY schemas schemas
COPY validators validators
COPY extractors extractors
COPY pipeline pipeline
COPY flows flows
RUN pip install --no-cache-dir --constraint constraints.txt '.[dask,postgresql,tracing]'
RUN useradd --create-home zishen && mkdir /data /models && chown zishen /data /models
USER zishen
ENV ZISHEN_DATA_DIR=/data ZISHEN_MODELS_DIR=/models
EXPOSE 4200 8000 8786 9400
CMD ["zishen", "up"]
