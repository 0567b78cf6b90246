package dev.glissade.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

/** What is published has what Maven Central demands, and stands in the BOM. */
class PublishedTest {
  private static final Path ROOT = Path.of("..");
  private static final XPath PATH = XPathFactory.newInstance().newXPath();

  private static Document pom(String module) throws Exception {
    Path file = ROOT.resolve(module).resolve("pom.xml");
    return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile());
  }

  private static String text(Document pom, String path) throws Exception {
    return PATH.evaluate(path, pom);
  }

  private static List<String> all(Document pom, String path) throws Exception {
    NodeList nodes = (NodeList) PATH.evaluate(path, pom, XPathConstants.NODESET);
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      texts.add(nodes.item(i).getTextContent());
    }
    return texts;
  }

  private static List<String> published() throws Exception {
    List<String> published = new ArrayList<>();
    for (String module : all(pom(""), "/project/modules/module")) {
      if (!text(pom(module), "/project/properties/maven.deploy.skip").equals("true")) {
        published.add(module);
      }
    }
    return published;
  }

  @Test
  void theBomHasWhatIsPublished() throws Exception {
    List<String> artifacts = new ArrayList<>();
    for (String module : published()) {
      artifacts.add(text(pom(module), "/project/artifactId"));
    }
    artifacts.remove("glissade-bom");
    assertThat(all(pom("bom"), "//dependencyManagement//artifactId"))
        .containsExactlyInAnyOrderElementsOf(artifacts);
    assertThat(text(pom("bom"), "/project/version")).isEqualTo(text(pom(""), "/project/version"));
  }

  @Test
  void eachPomHasWhatMavenCentralDemands() throws Exception {
    for (String module : published()) {
      Document pom = pom(module);
      for (String element : List.of("artifactId", "name", "description")) {
        assertThat(text(pom, "/project/" + element)).as("%s of %s", element, module).isNotEmpty();
      }
    }
    // The others inherit these.
    for (String module : List.of("", "bom")) {
      Document pom = pom(module);
      for (String element :
          List.of(
              "url",
              "licenses/license/url",
              "developers/developer/name",
              "scm/url",
              "scm/connection")) {
        assertThat(text(pom, "/project/" + element)).as("%s of %s", element, module).isNotEmpty();
      }
    }
  }

  @Test
  void theReadmeNamesTheseVersions() throws Exception {
    String readme = Files.readString(ROOT.resolve("README.md"));
    String version = text(pom(""), "/project/version");
    assertThat(readme).contains("<version>" + version + "</version>");
    assertThat(readme).contains("dev.glissade:glissade-bom:" + version + "\"");
    for (String artifact : all(pom("bom"), "//dependencyManagement//artifactId")) {
      assertThat(readme).contains(artifact.replace("glissade", ""));
    }
  }

  @Test
  void eachJarHasAModule() throws Exception {
    for (String module : published()) {
      if (!text(pom(module), "/project/packaging").equals("pom")) {
        String name = "dev.glissade." + module;
        // Java derives no module's name from those of Spark's jars; ND4J's split their packages.
        if (List.of("spark", "dl4j").contains(module)) {
          assertThat(text(pom(module), "//Automatic-Module-Name")).isEqualTo(name);
        } else {
          assertThat(moduleInfo(module)).startsWith("module " + name + " {");
        }
      }
    }
  }

  private static String moduleInfo(String module) throws IOException {
    Path file = ROOT.resolve(module).resolve("src/main/java/module-info.java");
    String text = "\n" + Files.readString(file);
    return text.substring(text.indexOf("\nmodule ") + 1); // its Javadoc may speak of modules
  }
}
