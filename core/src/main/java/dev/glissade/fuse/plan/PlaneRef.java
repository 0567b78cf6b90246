package dev.glissade.fuse.plan;

/** A plane of a node's tree. */
record PlaneRef(int node, int plane) {}
