"""What is measured, a module a part. Each has

    TITLE                what its tables are about
    measure(lab)         runs it; raw samples, as JSON knows them
    tables(results)      {name: Table} for docs/performance.md
    aims(results)        [Aim]: what was to be reached, and what was
    pictures(results)    {name: Picture}, where there are some
"""
