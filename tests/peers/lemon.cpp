// LEMON's NetworkSimplex and CostScaling on an instance file.
//
// Build: g++ -O3 -std=c++17 lemon.cpp -o lemon        (needs the headers of liblemon-dev)
// Run:   lemon network-simplex|cost-scaling FILE TIMES SECONDS
// Prints one line of JSON; README.md says what its members mean, src/peers.rs what the file holds.
//
// Columns supply, rows demand, and one more node, the rest, takes what columns do not give and gives what rows do not get:
// the leanest form in which every node balances. An edge costs minus its value.

#include <malloc.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string>
#include <vector>

#include <lemon/cost_scaling.h>
#include <lemon/network_simplex.h>
#include <lemon/smart_graph.h>

namespace {

using Graph = lemon::SmartDigraph;
using Units = int;
using Cost = long long;

[[noreturn]] void fail(const char* why) {
  std::fprintf(stderr, "lemon: %s\n", why);
  std::exit(1);
}

struct Instance {
  std::vector<std::uint32_t> demands, capacities, rows, columns, values;
};

std::vector<std::uint32_t> take(std::FILE* file, std::size_t count) {
  std::vector<std::uint32_t> numbers(count);
  if (std::fread(numbers.data(), sizeof(std::uint32_t), count, file) != count) fail("the file was cut");
  return numbers;
}

Instance read(const char* path) {
  std::FILE* file = std::fopen(path, "rb");
  if (!file) fail("no such file");
  char magic[8];
  if (std::fread(magic, 1, 8, file) != 8 || std::memcmp(magic, "GJPEERS1", 8) != 0) fail("not an instance");
  const auto counts = take(file, 3);
  Instance it;
  it.demands = take(file, counts[0]);
  it.capacities = take(file, counts[1]);
  it.rows = take(file, counts[2]);
  it.columns = take(file, counts[2]);
  it.values = take(file, counts[2]);
  std::fclose(file);
  return it;
}

struct Problem {
  Graph graph;
  Graph::ArcMap<Units> upper{graph};
  Graph::ArcMap<Cost> cost{graph};
  Graph::NodeMap<Units> supply{graph};
};

void lay_out(const Instance& it, Problem& problem) {
  const int columns = int(it.capacities.size()), rows = int(it.demands.size());
  Graph& graph = problem.graph;
  graph.reserveNode(columns + rows + 1);
  graph.reserveArc(int(it.values.size()) + columns + rows);
  for (int node = 0; node <= columns + rows; ++node) graph.addNode();
  const auto node = [&](int id) { return graph.nodeFromId(id); };
  const auto rest = node(columns + rows);
  const auto arc = [&](Graph::Node from, Graph::Node to, std::uint32_t upper, Cost cost) {
    const auto added = graph.addArc(from, to);
    problem.upper[added] = Units(upper);
    problem.cost[added] = cost;
  };
  for (std::size_t edge = 0; edge < it.values.size(); ++edge) {
    const auto row = it.rows[edge], column = it.columns[edge];
    const auto most = std::min(it.demands[row], it.capacities[column]);
    arc(node(int(column)), node(columns + int(row)), most, -Cost(it.values[edge]));
  }
  Cost missing = 0;
  for (int column = 0; column < columns; ++column) {
    problem.supply[node(column)] = Units(it.capacities[column]);
    missing -= it.capacities[column];
    arc(node(column), rest, it.capacities[column], 0);
  }
  for (int row = 0; row < rows; ++row) {
    problem.supply[node(columns + row)] = -Units(it.demands[row]);
    missing += it.demands[row];
    arc(rest, node(columns + row), it.demands[row], 0);
  }
  problem.supply[rest] = Units(missing);
}

// A line of this process's status in kB, or -1.
long memory(const char* name) {
  std::FILE* file = std::fopen("/proc/self/status", "r");
  if (!file) return -1;
  char line[256];
  long found = -1;
  const std::size_t length = std::strlen(name);
  while (std::fgets(line, sizeof line, file))
    if (std::strncmp(line, name, length) == 0 && line[length] == ':') found = std::atol(line + length + 1);
  std::fclose(file);
  return found;
}

// What is held now; from here on the peak counts anew.
long forget_peak() {
  malloc_trim(0);
  std::FILE* file = std::fopen("/proc/self/clear_refs", "w");
  if (!file) return -1;
  std::fputs("5", file);
  std::fclose(file);
  return memory("VmRSS");
}

double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

double worked() { return double(std::clock()) / CLOCKS_PER_SEC; }

struct Outcome {
  Cost objective = 0;
  std::string solve, cpu;
};

// What a solver takes over from the graph before `run` is counted with laying out, not with solving.
template <typename Solver>
Outcome repeat(const Problem& problem, int times, double seconds, double& build) {
  Outcome outcome;
  const double begun = now();
  for (int time = 0; time == 0 || (time < times && now() - begun < seconds); ++time) {
    const double laying = now();
    Solver solver(problem.graph);
    solver.upperMap(problem.upper).costMap(problem.cost).supplyMap(problem.supply);
    const double start = now(), start_work = worked();
    const auto status = solver.run();
    const double took = now() - start, work = worked() - start_work;
    if (status != Solver::OPTIMAL) fail("no optimum was found");
    if (time == 0) build += start - laying;
    outcome.solve += (time ? "," : "") + std::to_string(took);
    outcome.cpu += (time ? "," : "") + std::to_string(work);
    outcome.objective = -solver.template totalCost<Cost>();
  }
  return outcome;
}

}  // namespace

int main(int count, char** words) {
  if (count != 5) fail("network-simplex|cost-scaling FILE TIMES SECONDS");
  const std::string algorithm = words[1];
  const int times = std::atoi(words[3]);
  const double seconds = std::atof(words[4]);
  const long empty = memory("VmRSS");

  Problem problem;
  double build;
  {
    const Instance it = read(words[2]);
    const double start = now();
    lay_out(it, problem);
    build = now() - start;
  }
  const long held = forget_peak();
  Outcome outcome;
  if (algorithm == "network-simplex")
    outcome = repeat<lemon::NetworkSimplex<Graph, Units, Cost>>(problem, times, seconds, build);
  else if (algorithm == "cost-scaling")
    outcome = repeat<lemon::CostScaling<Graph, Units, Cost>>(problem, times, seconds, build);
  else
    fail("no such algorithm");
  const char* name = algorithm == "network-simplex" ? "LEMON NetworkSimplex" : "LEMON CostScaling";
  std::printf(
      "{\"peer\":\"%s\",\"objective\":%lld,\"build\":%f,\"solve\":[%s],\"cpu\":[%s],\"empty_kb\":%ld,"
      "\"held_kb\":%ld,\"peak_kb\":%ld}\n",
      name, outcome.objective, build, outcome.solve.c_str(), outcome.cpu.c_str(), empty, held, memory("VmHWM"));
}
