using Lanyard.Testing.Tests.Mistakes;
using Lanyard.Testing.Tests.Models;
using TorchSharp;

namespace Lanyard.Testing.Tests;

/// <summary>Mistakes that were made on purpose, and what is said of each.</summary>
public sealed class FoundTests : IDisposable
{
    private readonly Shelf _shelf = new();

    public void Dispose() => _shelf.Dispose();

    [Fact]
    public void Exchanged_axes_of_the_output_projection_are_seen_where_sizes_differ()
    {
        var found = Only(() => ModelTest.Check(_ => new TurnedOutput(heads: 4, headDim: 6, hidden: 10), _shelf.Stored(("o_proj.weight", _shelf.Random(10, 24)))));
        Assert.Equal(ModelTestCheck.Tensors, found.Check);
        Assert.Contains("o_proj.weight: expected [24, 10], found [10, 24]", found.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_the_matrix_is_square_it_is_said_that_they_could_not_be_seen() => Assert.Equal(
        new ModelTestProblem(ModelTestCheck.Sizes, "", "weight", "(heads head_dim) and hidden are both 24: one in the place of the other could not be seen"),
        Only(() => ModelTest.Check(_ => new TurnedOutput(heads: 4, headDim: 6, hidden: 24), _shelf.Stored(("o_proj.weight", _shelf.Random(24, 24))))));

    [Fact]
    public void Queries_in_the_place_of_keys_are_seen_where_their_heads_are_not_as_many()
    {
        var found = Only(() => ModelTest.Check(_ => new ExchangedParts(heads: 4, kvHeads: 2), _shelf.Stored(("q_proj.weight", _shelf.Random(24, 10)), ("k_proj.weight", _shelf.Random(12, 10)))));
        Assert.Equal(ModelTestCheck.Tensors, found.Check);
        Assert.Contains("q_proj.weight: expected [12, 10], found [24, 10]", found.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void As_many_heads_of_both_could_hide_that() => Assert.Equal(
        new ModelTestProblem(ModelTestCheck.Sizes, "", nameof(ExchangedParts), "heads and kv_heads are both 4: one in the place of the other could not be seen"),
        Only(() => ModelTest.Check(_ => new ExchangedParts(heads: 4, kvHeads: 4))));

    [Fact]
    public void An_axis_of_one_index_could_stand_anywhere() =>
        Assert.Contains(Problems(() => ModelTest.Check(_ => new ExchangedParts(heads: 4, kvHeads: 1))), problem => problem.Detail == "kv_heads is 1: where it stands could not be seen");

    [Fact]
    public void A_part_of_a_tensor_that_nobody_takes_is_found()
    {
        var found = Only(() => ModelTest.Check(_ => new HalfTaken()));
        Assert.Equal(ModelTestCheck.Load, found.Check);
        Assert.Contains("read in part:  kv_b_proj.weight: expected a parameter for every element, or an [Ignore] that names the tensor, found none for \"heads value rank\", 105 of 189 elements", found.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Post_load_that_makes_something_else_each_time_is_found() => Assert.Equal(
        new ModelTestProblem(ModelTestCheck.Repeat, "random values", "scaled", "has other bits after the same bits came again in a staged refit"),
        Only(() => ModelTest.Check(_ => new Counting())));

    [Fact]
    public void Post_load_that_remembers_what_was_there_before_is_found()
    {
        var found = Only(() => ModelTest.Check(_ => new Remembering()));
        Assert.Equal((ModelTestCheck.Repeat, "scaled"), (found.Check, found.Name));
    }

    [Fact]
    public void Post_load_that_reads_what_another_module_has_measured_is_found_by_a_refit_of_that_one() => Assert.Equal(
        [(ModelTestCheck.Subset, "reader.together")],
        Problems(() => ModelTest.Check(_ => new Neighbours(meddles: false))).Select(problem => (problem.Check, problem.Name)).Distinct());

    [Fact]
    public void Post_load_that_writes_to_another_module_is_found_by_a_refit_of_its_own() => Assert.Equal(
        new ModelTestProblem(ModelTestCheck.Subset, "random values", "first.scale", "has other bits after a refit of meddler.weight, staged, which it is not made from"),
        Problems(() => ModelTest.Check(_ => new Neighbours(meddles: true)))[0]);

    [Fact]
    public void Post_load_that_changes_what_was_loaded_is_found_by_the_export() => Assert.Equal(
        new ModelTestProblem(ModelTestCheck.Export, "random values", "weight", "what is exported has other bits in 12 of 12 elements"),
        Only(() => ModelTest.Check(_ => new Doubling())));

    [Fact]
    public void An_undo_that_does_not_undo_is_found()
    {
        var found = Only(() => ModelTest.Check(_ => new RoundedUndo()));
        Assert.Equal((ModelTestCheck.Export, "weight"), (found.Check, found.Name));
        Assert.EndsWith("Where a post-load method is to round it, name it in Rounds", found.Detail, StringComparison.Ordinal);

        ModelTest.Check(_ => new RoundedUndo(), new ModelTestOptions { Rounds = ["weight"] });
        Assert.Equal("*.bias", Only(() => ModelTest.Check(_ => new RoundedUndo(), new ModelTestOptions { Rounds = ["weight", "*.bias"] })).Name);
    }

    [Fact]
    public void A_class_that_cannot_be_exported_says_so_or_is_not_exported()
    {
        var found = Only(() => ModelTest.Check(_ => new WithoutUndo()));
        Assert.Equal(ModelTestCheck.Export, found.Check);
        Assert.Contains("it is what Pad made of it, without [PostLoad(Undo = ...)]", found.Detail, StringComparison.Ordinal);
        Assert.Contains("Exports = false", found.Detail, StringComparison.Ordinal);
        Assert.Equal(1, ModelTest.Check(_ => new WithoutUndo(), new ModelTestOptions { Exports = false }).Parameters);
    }

    [Fact]
    public void Ranks_that_have_other_bits_of_the_same_elements_are_found()
    {
        var found = Only(() => ModelTest.Check(topology => new OwnRank(topology)));
        Assert.Equal((ModelTestCheck.Ranks, "random values, 2 tensor-parallel ranks"), (found.Check, found.Where));
        Assert.Contains("bias", found.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_factory_that_keeps_the_topology_to_itself_is_found() => Assert.All(
        Problems(() => ModelTest.Check(_ => new SmallModel(new SmallSizes()))),
        problem => Assert.Equal((ModelTestCheck.Ranks, true), (problem.Check, problem.Detail.EndsWith("was made for one rank that holds everything: does the factory hand its topology on?", StringComparison.Ordinal))));

    [Fact]
    public void Ranks_of_a_class_that_divides_nothing_are_found()
    {
        var found = Only(() => ModelTest.Check(topology => new Undivided(topology), new ModelTestOptions { Ranks = [new Topology(0, 2)] }));
        Assert.Equal((ModelTestCheck.Ranks, "2 tensor-parallel ranks"), (found.Check, found.Where));
        Assert.StartsWith("every rank holds everything", found.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void What_does_not_divide_is_told_once_whatever_is_loaded()
    {
        var found = Only(() => ModelTest.Check(topology => new SmallModel(new SmallSizes(), topology), new ModelTestOptions { Ranks = [new Topology(0, 3)] }));
        Assert.Contains("heads of size 4 does not divide over 3 tensor-parallel ranks", found.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void What_an_ignore_leaves_alone_must_be_named()
    {
        var path = _shelf.Stored(("q_proj.weight", _shelf.Random(4, 3)), ("q_proj.bias", _shelf.Random(4)));
        var found = Only(() => ModelTest.Check(_ => new WideIgnore(), path));
        Assert.Equal((ModelTestCheck.Load, "q_proj.bias"), (found.Check, found.Name));
        Assert.StartsWith("it fills nothing", found.Detail, StringComparison.Ordinal);

        Assert.Equal(2, ModelTest.Check(_ => new WideIgnore(), path, new ModelTestOptions { LeftOut = ["*.bias"] }).Sets.Length);
        Assert.Equal("vision.*", Only(() => ModelTest.Check(_ => new WideIgnore(), path, new ModelTestOptions { LeftOut = ["*.bias", "vision.*"] })).Name);
    }

    [Fact]
    public void Everything_that_is_wrong_comes_in_one_exception_alike_things_folded()
    {
        var sizes = new SmallSizes(Heads: 2, Hidden: 12, Intermediate: 12);
        var message = Assert.Throws<ModelTestException>(() => ModelTest.Check(topology => new SmallModel(sizes, topology), new ModelTestOptions { Ranks = [new Topology(0, 4)] })).Message;
        Assert.Equal("""
            SmallModel: 11 problems.
              sizes:   layers.{0,1}.self_attn: heads and kv_heads are both 2: one in the place of the other could not be seen
              sizes:   layers.{0,1}.self_attn.qkv: (heads head_dim) and hidden are both 12: one in the place of the other could not be seen
              sizes:   layers.{0,1}.self_attn.qkv: (kv_heads head_dim) and hidden are both 12: one in the place of the other could not be seen
              sizes:   layers.{0,1}.self_attn.o: (heads head_dim) and hidden are both 12: one in the place of the other could not be seen
              sizes:   layers.{0,1}.experts: hidden and intermediate are both 12: one in the place of the other could not be seen
              ranks:   tensor-parallel rank 0 of 4: SmallAttention cannot be laid out: heads of size 2 does not divide over 4 tensor-parallel ranks (Follows takes what the share of another axis needs, as key heads what query heads read; Replicate = true lets ranks share an index; of an axis that stands by itself PadTo = 4 rounds it up with zeros, Unit = 1 gives the last ranks less).
              Try a configuration in which no two sizes are equal; those that are by design are named in ModelTestOptions.Alike.
            """, message);
    }

    [Fact]
    public void Sizes_that_are_equal_by_design_are_named_and_no_others()
    {
        ModelTestReport Check(params string[] alike) => ModelTest.Check(_ => new TurnedOutput(4, 6, 24), new ModelTestOptions { Alike = [.. alike] });
        Assert.Empty(Check("hidden = (heads head_dim)").Notes);
        Assert.Equal("Alike has \"heads = head_dim\", which no parameter needs", Only(() => Check("hidden = (heads head_dim)", "heads = head_dim")).Detail);

        var report = ModelTest.Check(_ => new TurnedOutput(4, 6, 24), new ModelTestOptions { SizesMayBeEqual = true });
        Assert.Contains("(heads head_dim) and hidden are both 24", Assert.Single(report.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void A_factory_that_returns_one_instance_again_is_refused()
    {
        using var model = new SmallModel(new SmallSizes());
        Assert.Contains("it must make one each time", Assert.Throws<ArgumentException>(() => ModelTest.Check(_ => model)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_class_of_which_nothing_is_loaded_is_not_found_right() =>
        Assert.Equal("no parameter has a source, so that there is nothing to try", Only(() => ModelTest.Check(_ => new Sourceless())).Detail);

    private static ModelTestProblem Only(Func<ModelTestReport> check) => Assert.Single(Problems(check));

    private static IReadOnlyList<ModelTestProblem> Problems(Func<ModelTestReport> check) => Assert.Throws<ModelTestException>(() => check()).Problems;
}
