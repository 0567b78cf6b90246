package dev.glissade.fuse.graph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The nodes that some targets depend on, operands first. A program is compiled from a graph and
 * cached under its structure.
 */
public final class Graph {
  private final List<Node> nodes = new ArrayList<>();
  private final List<int[]> operands = new ArrayList<>();
  private final List<Target> targets = new ArrayList<>();
  private final IdentityHashMap<Node, Integer> ids = new IdentityHashMap<>();

  private Graph() {}

  public Graph(List<Target> targets) {
    this.targets.addAll(targets);
    for (Target target : targets) {
      add(target.node());
      if (target.inPlace() != null) {
        add(target.inPlace());
      }
    }
  }

  /** Adds the nodes under a root in post-order, without recursion, because graphs may be deep. */
  private void add(Node root) {
    Deque<Node> open = new ArrayDeque<>();
    open.push(root);
    while (!open.isEmpty()) {
      Node node = open.peek();
      if (ids.containsKey(node)) {
        open.pop();
        continue;
      }
      int before = open.size();
      for (int i = node.operands.length - 1; i >= 0; i--) {
        if (!ids.containsKey(node.operands[i])) {
          open.push(node.operands[i]);
        }
      }
      if (open.size() == before) {
        open.pop();
        number(node);
      }
    }
  }

  /** Gives a node, whose operands have numbers, the next one. */
  private void number(Node node) {
    ids.put(node, nodes.size());
    nodes.add(node);
    operands.add(Arrays.stream(node.operands).mapToInt(this::id).toArray());
  }

  /** Returns the nodes, operands first. */
  public List<Node> nodes() {
    return nodes;
  }

  public Node node(int id) {
    return nodes.get(id);
  }

  public List<Target> targets() {
    return targets;
  }

  /** Returns a copy without data, which a cached program may retain. */
  public Graph withoutData() {
    Graph bare = new Graph();
    for (Node node : nodes) {
      Node[] operands =
          Arrays.stream(node.operands).map(old -> bare.node(id(old))).toArray(Node[]::new);
      Node copy = node.withoutData(operands);
      bare.number(copy);
    }
    for (Target target : targets) {
      Node inPlace = target.inPlace() == null ? null : bare.node(id(target.inPlace()));
      Node node = bare.node(id(target.node()));
      bare.targets.add(new Target(node, target.layout(), inPlace, target.exchanges()));
    }
    return bare;
  }

  public int id(Node node) {
    Integer id = ids.get(node);
    if (id == null) {
      throw new IllegalStateException("the graph does not contain the node: " + node.kind);
    }
    return id;
  }

  public boolean holds(Node node) {
    return ids.containsKey(node);
  }

  /** Returns the numbers of a node's operands, which nobody may change. */
  public int[] operands(int id) {
    return operands.get(id);
  }

  /** Returns the structure, which is equal for graphs that differ only in their data. */
  public List<Object> structure() {
    List<Object> key = new ArrayList<>(4 * nodes.size());
    for (int i = 0; i < nodes.size(); i++) {
      Node node = nodes.get(i);
      key.add(node.kind);
      for (int operand : operands.get(i)) {
        key.add(operand);
      }
      add(key, node.layout);
      add(key, node.attribute);
    }
    for (Target target : targets) {
      key.add("target");
      key.add(id(target.node()));
      add(key, target.layout());
      add(key, target.inPlace() == null ? null : id(target.inPlace()));
      key.add(target.exchanges());
    }
    return key;
  }

  private static void add(List<Object> key, @Nullable Object part) {
    if (part != null) {
      key.add(part);
    }
  }
}
