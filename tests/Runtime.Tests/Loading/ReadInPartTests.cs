using Lanyard.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Loading;

/// <summary>Every element of a tensor is read by some parameter, or left by declaration: a part that an author forgot is seen at the load.</summary>
public sealed class ReadInPartTests : IDisposable
{
    private readonly TensorFiles _files = new();

    public void Dispose() => _files.Dispose();

    private static Dictionary<string, Tensor> Whole() => new() { ["kv.weight"] = randn(20, 5) };

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    [InlineData(3, 4)]
    public void A_part_that_no_parameter_reads_is_refused_on_every_rank_alike(int rank, int ranks)
    {
        using var model = new ReadInPart(values: false, topology: new Topology(rank, ranks));
        var checkpoint = _files.Stored(Whole());
        var error = Assert.Throws<LoadException>(() => LoadPlan.Create(model, checkpoint));
        var problem = Assert.Single(error.Problems);
        Assert.Equal((LoadProblemKind.Unread, "kv.weight", "keys", "none for \"heads value rank\", 60 of 100 elements"), (problem.Kind, problem.Tensor, problem.Parameter, problem.Found));
        Assert.Contains("read in part:  kv.weight: expected a parameter for every element, or an [Ignore] that names the tensor, found none for", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_two_parameters_read_together_is_read()
    {
        using var model = new ReadInPart(values: true);
        var report = _files.Load(model, Whole());
        Assert.Empty(report.ReadInPart);
    }

    [Fact]
    public void An_ignore_that_names_the_tensor_leaves_the_rest_and_the_report_says_so()
    {
        using var model = new ReadInPart(values: false, leaves: true);
        var weights = Whole();
        var report = _files.Load(model, weights);
        Assert.Equal([new PartRead("kv.weight", "\"heads value rank\", 60 of 100 elements")], report.ReadInPart.ToArray());
        Assert.Contains("; read without \"heads value rank\", 60 of 100 elements: kv.weight;", report.ToString(), StringComparison.Ordinal);
        Assert.True(model.Keys[1].Equals(weights["kv.weight"][5..7]));

        foreach (var scope in new[] { RefitScope.Whole, RefitScope.Subset })
        {
            using var refit = model.BeginRefit(RefitMode.Staged, scope);
            refit.Write("kv.weight", weights["kv.weight"]);
            Assert.Single(refit.Commit().ReadInPart);
        }
    }

    [Fact]
    public void An_ignore_of_a_tensor_that_is_read_whole_is_needed_by_nothing()
    {
        using var model = new ReadInPart(values: true, leaves: true);
        var problem = Assert.Single(_files.Refused(model, Whole()));
        Assert.Equal((LoadProblemKind.UnusedIgnore, "kv.weight"), (problem.Kind, problem.Tensor));
    }

    [Fact]
    public void A_refit_is_refused_too()
    {
        using ReadInPart model = new(values: false, leaves: false);
        using var refit = model.BeginRefit();
        refit.Write(Whole());
        Assert.Equal(LoadProblemKind.Unread, Assert.Single(Assert.Throws<LoadException>(() => refit.Commit()).Problems).Kind);
    }

    [Fact]
    public void Whole_tensors_of_a_list_and_single_elements_count()
    {
        using var model = new ReadTexts(new Topology(0, 1, 1, 2));
        var weights = Enumerable.Range(0, 5).ToDictionary(i => $"experts.{i}.w", _ => randn(4));
        weights["pairs"] = randn(8);
        Assert.Equal(
            [
                ("experts.2.w", "none for \"vision hidden\", 4 of 4 elements"),
                ("experts.3.w", "none for \"vision hidden\", 4 of 4 elements"),
                ("experts.4.w", "none for \"vision hidden\", 4 of 4 elements"),
                ("pairs", "none for \"hidden\" in part up and gate, 4 of 8 elements"),
            ],
            _files.Refused(model, weights).Select(problem => (problem.Tensor, problem.Found)));
    }
}
