"""Reads an instance with rules as the search's bench writes it: a line per thing, its kind first."""


def read(path):
    """The instance: demands, capacities, edges, rules, and what the search said of it."""
    said, demands, capacities, edges, rules = {}, [], [], [], []
    with open(path, encoding="ascii") as lines:
        for line in lines:
            kind, *numbers = line.split()
            numbers = [int(number) for number in numbers]
            if kind in ("objective", "bound", "microseconds"):
                said[kind] = numbers[0]
            elif kind == "demands":
                demands = numbers
            elif kind == "capacities":
                capacities = numbers
            elif kind == "edge":
                edges.append(numbers)
            elif kind in ("together", "choice"):
                rules.append((kind, numbers[0], []))
            elif kind in ("member", "way"):
                rules[-1][2].append(numbers)
            elif kind == "lots":
                rules.append((kind, numbers[1], numbers[0]))
            else:
                raise ValueError(f"{path}: what is a {kind}?")
    return said, demands, capacities, edges, rules
