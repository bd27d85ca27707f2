using Lanyard.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Books;

public sealed class MessageTests
{
    [Theory]
    [InlineData("a.0.b a.1.b a.2.b", "a.{0..2}.b")]
    [InlineData("a.0.b a.1.b", "a.{0,1}.b")]
    [InlineData("a.0.b a.2.b a.3.b a.4.b", "a.{0,2..4}.b")]
    [InlineData("a.0.e.0 a.0.e.1 a.1.e.0 a.1.e.1", "a.{0,1}.e.{0,1}")]
    [InlineData("a.0.e.0 a.1.e.0 a.1.e.1", "a.0.e.0 a.1.e.{0,1}")]
    [InlineData("a.0.b a.1.c", "a.0.b a.1.c")]
    [InlineData("x y.10000000000", "x y.10000000000")]
    [InlineData("a.7.b a.07.b", "a.7.b a.07.b")]
    [InlineData("a.00 a.0 a.1", "a.00 a.{0,1}")]
    [InlineData("a.007", "a.007")]
    [InlineData("a.1 a.1 b b", "a.1 b")]
    [InlineData("1.2.3.4.5.6.7.8.a 1.2.3.4.5.6.7.9.a", "1.2.3.4.5.6.7.{8,9}.a")]
    [InlineData("1.2.3.4.5.6.7.8.9 1.2.3.4.5.6.7.8.10", "1.2.3.4.5.6.7.8.9 1.2.3.4.5.6.7.8.10")]
    [InlineData("a.#.b a.1.b a.##.b a.2.b", "a.#.b a.{1,2}.b a.##.b")]
    public void Names_that_differ_in_numbers_fold(string names, string folded) => Assert.Equal(folded, string.Join(' ', NameFolding.Fold(names.Split(' '))));

    /// <summary>Names of a thousand numbers of which one differs, and numbers in pairs, of which each would be a line and all of them its details.</summary>
    [Fact]
    public async Task Names_that_are_made_to_fold_slowly_do_not()
    {
        string[] many = [.. Enumerable.Range(0, 1000).Select(i => string.Join('.', Enumerable.Range(0, 1000).Select(j => i == j ? 1 : 0)))];
        string[] pairs = [.. Enumerable.Range(0, 100_000).Select(i => $"a.{i}.{i}")];
        var message = await Task.Run(() => new LoadException("", [.. many.Concat(pairs).Select(name => new LoadProblem(LoadProblemKind.Unexpected, name))]).Message).WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(101_000, message.Count(c => c == '\n'));
    }

    [Fact]
    public void A_report_can_be_read_in_a_log()
    {
        Assert.Equal("3 slots of 2 tensors, 40 bytes; post-load ran: layers.{0,1}.Pad", $"{new LoadReport(2, 3, 40, ["layers.0.Pad", "layers.1.Pad"])}");
        Assert.Equal("3 slots of 2 tensors, 40 bytes, of which 8 are mapped; post-load ran: nothing", $"{new LoadReport(2, 3, 40, []) { MappedBytes = 8 }}");
        Assert.Equal("2 tensors, 40 bytes in model.safetensors; nothing is lossy", $"{new ExportReport(["model.safetensors"], 2, 40, [])}");
        Assert.Equal("2 tensors, 40 bytes in model.safetensors; lossy: a.{0,1}", $"{new ExportReport(["model.safetensors"], 2, 40, [new ExportLoss("a.0", ExportLossKind.Cast), new ExportLoss("a.1", ExportLossKind.Cast)])}");
    }

    [Fact]
    public void A_tensor_that_would_be_rounded_is_refused_with_what_allows_it()
    {
        using var scene = new TinyScene(type: ScalarType.BFloat16);
        foreach (var name in scene.First.Keys.Where(name => name != "norm.weight").ToList()) scene.First[name] = scene.First[name].to_type(ScalarType.BFloat16);
        scene.First["layers.1.mlp.experts.down_proj"] = scene.First["layers.1.mlp.experts.down_proj"].to_type(ScalarType.Int64);

        var lines = scene.Refused(scene.First).Message.Split('\n');

        Assert.Contains("  wrong type:    norm.weight: expected BF16, found F32, which is rounded only where the source has Cast or the load AllowNarrowing (parameter norm)", lines);
        Assert.Contains("  wrong type:    layers.1.mlp.experts.down_proj: expected BF16, found I64 (parameter layers.1.mlp.experts.w2_weight)", lines);
    }

    [Fact]
    public void A_refit_that_lacks_tensors_says_how_to_bring_less()
    {
        using var scene = new TinyScene();
        const string hint = "Nothing was changed. A refit that brings less begins with RefitScope.Subset.";
        Assert.DoesNotContain(hint, Incomplete("norm.weight"), StringComparison.Ordinal);
        scene.Load(scene.First);

        Assert.Contains(hint, Incomplete("norm.weight"), StringComparison.Ordinal);
        Assert.DoesNotContain(hint, Incomplete("norm.wieght"), StringComparison.Ordinal);
        using (var patched = scene.Model.BeginRefit())
        {
            patched.Patch("norm.weight", torch.zeros(1, ScalarType.Int64), torch.zeros(1));
            Assert.Contains(hint, Assert.Throws<LoadException>(() => patched.Commit()).Message, StringComparison.Ordinal);
        }
        using var empty = scene.Model.BeginRefit();
        Assert.DoesNotContain(hint, Assert.Throws<LoadException>(() => empty.Commit()).Message, StringComparison.Ordinal);

        string Incomplete(string name) => Assert.Throws<LoadException>(() => scene.Refit([new(name, scene.Second["norm.weight"])])).Message;
    }

    [Fact]
    public void A_null_argument_is_named()
    {
        using var scene = new TinyScene();
        using var checkpoint = scene.Stored(scene.First);
        scene.Load(scene.First);
        var norm = scene.Model.Parameters.Norm;
        IParameterModule none = null!;
        (string, Action)[] calls =
        [
            ("model", () => LoadPlan.Create(none, checkpoint)), ("checkpoint", () => LoadPlan.Create(scene.Model, null!)),
            ("model", () => LoadPlan.Check(none, [])), ("headers", () => LoadPlan.Check(scene.Model, null!)),
            ("model", () => none.BeginRefit()), ("model", () => none.AllParameters()),
            ("parameter", () => ((BoundParameter)null!).Load("norm.weight", torch.zeros(1))), ("name", () => norm.Load(null!, torch.zeros(1))), ("tensor", () => norm.Load("norm.weight", null!)),
            ("tensor", () => TensorAddress.Of(null!)),
        ];
        Assert.All(calls, call => Assert.Throws<ArgumentNullException>(call.Item1, call.Item2));
        using (var refit = scene.Model.BeginRefit())
        {
            Assert.Throws<ArgumentNullException>("indices", () => refit.Patch("norm.weight", null!, torch.zeros(1)));
            Assert.Throws<ArgumentNullException>("values", () => refit.Patch("norm.weight", torch.zeros(1, ScalarType.Int64), null!));
        }
        Assert.Contains("norm.weight", Assert.Throws<ArgumentException>("tensors", () => WeightChecksums.Of([("norm.weight", null!)], scene.Model.Checksums())).Message, StringComparison.Ordinal);
    }
}
