package dev.glissade.fuse.graph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All nodes that some targets need, in an order in which operands come first, and the structure of
 * the whole: what a program is compiled from and looked up by.
 */
public final class Graph {
  private final List<Node> nodes = new ArrayList<>();
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

  /** Post-order without recursion: graphs may be deep. */
  private void add(Node root) {
    Deque<Node> open = new ArrayDeque<>();
    open.push(root);
    while (!open.isEmpty()) {
      Node node = open.peek();
      if (ids.containsKey(node)) {
        open.pop();
        continue;
      }
      int waiting = open.size();
      for (int i = node.operands.length - 1; i >= 0; i--) {
        if (!ids.containsKey(node.operands[i])) {
          open.push(node.operands[i]);
        }
      }
      if (open.size() == waiting) {
        open.pop();
        ids.put(node, nodes.size());
        nodes.add(node);
      }
    }
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

  /** Returns this graph without its data: what a program may hold on to. */
  public Graph withoutData() {
    Graph bare = new Graph();
    for (Node node : nodes) {
      Node[] operands = new Node[node.operands.length];
      for (int i = 0; i < operands.length; i++) {
        operands[i] = bare.nodes.get(id(node.operands[i]));
      }
      Node copy = node.bare(operands);
      bare.ids.put(copy, bare.nodes.size());
      bare.nodes.add(copy);
    }
    for (Target target : targets) {
      Node inPlace = target.inPlace();
      bare.targets.add(
          new Target(
              bare.nodes.get(id(target.node())),
              target.layout(),
              inPlace == null ? null : bare.nodes.get(id(inPlace))));
    }
    return bare;
  }

  public int id(Node node) {
    Integer id = ids.get(node);
    if (id == null) {
      throw new IllegalStateException("no node of this graph: " + node.kind);
    }
    return id;
  }

  public boolean holds(Node node) {
    return ids.containsKey(node);
  }

  public int[] operands(int id) {
    Node[] operands = nodes.get(id).operands;
    int[] result = new int[operands.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = id(operands[i]);
    }
    return result;
  }

  /** The structure: equal for graphs that differ in their data alone. */
  public List<Object> structure() {
    List<Object> key = new ArrayList<>(4 * nodes.size());
    for (Node node : nodes) {
      key.add(node.kind);
      for (Node operand : node.operands) {
        key.add(id(operand));
      }
      addIfPresent(key, node.layout);
      addIfPresent(key, node.attribute);
    }
    for (Target target : targets) {
      key.add("target");
      key.add(id(target.node()));
      addIfPresent(key, target.layout());
      if (target.inPlace() != null) {
        key.add(id(target.inPlace()));
      }
    }
    return key;
  }

  private static void addIfPresent(List<Object> key, @Nullable Object o) {
    if (o != null) {
      key.add(o);
    }
  }
}
