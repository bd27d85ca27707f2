namespace Lanyard.Generator.Tests;

public sealed class SnapshotTests
{
    [Fact]
    public void Experts() => Snapshot.Committed.Matches(Harness.Generate(Sources.Experts)["Models.Experts.g.cs"]);

    [Fact]
    public void Children_optional_parameters_and_what_a_root_declares() => Snapshot.Committed.Matches(Harness.Generate(Sources.Tree)["Models.Model.g.cs"]);

    [Fact]
    public void Encoded_sources_in_the_global_namespace_with_names_that_are_keywords() => Snapshot.Committed.Matches(Harness.Generate(Sources.Encoded)["class.g.cs"]);

    [Fact]
    public void Constants_repeats_and_what_may_be_absent() => Snapshot.Committed.Matches(Harness.Generate(Sources.Places)["Models.Places.g.cs"]);

    [Fact]
    public void Encodings_each_once() => Snapshot.Committed.Matches(Harness.Generate(Sources.Quantised).Single().Value);

    [Fact]
    public void A_generic_class_in_a_generic_interface() => Snapshot.Committed.Matches(Harness.Generate(Sources.Nested).Single().Value);

    [Fact]
    public void Post_load_methods_in_the_order_of_what_they_read() => Snapshot.Committed.Matches(Harness.Generate(Sources.PostLoads)["Models.Derived.g.cs"]);
}
