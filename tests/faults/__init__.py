"""The fault suite: real processes, real faults, readers that write down what they were told, and a checker that believes nobody.

python -m tests.faults --help
"""
