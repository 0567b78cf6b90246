package dev.glissade.fuse.plan;

import dev.glissade.fuse.graph.Node;

/**
 * A step between passes that computes one node: scalar arithmetic, a key split or a callback.
 *
 * @param id the node's number in the graph
 * @param operands the numbers of its operands
 */
public record HostStep(int id, Node node, int[] operands) {}
