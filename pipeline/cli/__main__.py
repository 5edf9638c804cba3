"""`python -m pipeline.cli` is `zishen`, also where no script is on the path."""

from pipeline.cli import main

if __name__ == "__main__":
    main()
