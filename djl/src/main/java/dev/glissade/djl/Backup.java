package dev.glissade.djl;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** A copy of some memory, to be put back. */
record Backup(List<ByteBuffer> memory, List<ByteBuffer> copies) {

  static Backup of(List<ByteBuffer> memory) {
    List<ByteBuffer> copies = new ArrayList<>();
    for (ByteBuffer bytes : memory) {
      copies.add(ByteBuffer.allocate(bytes.remaining()).put(bytes.duplicate()).flip());
    }
    return new Backup(memory, copies);
  }

  void restore() {
    for (int i = 0; i < memory.size(); i++) {
      memory.get(i).duplicate().put(copies.get(i).duplicate());
    }
  }
}
