using Lanyard.Tests.Models;
using Lanyard.Tests.Models.Named;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Loading;

/// <summary>One name that is one tensor in one convention and another in another.</summary>
public sealed class SwappedNameTests : IDisposable
{
    private readonly TensorFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData("c", 1f, 2f)]
    [InlineData("d", 2f, 1f)]
    public void The_other_names_decide(string third, float first, float second)
    {
        using var model = new SwappedNames();
        var weights = Weights("a", "b", third);
        _files.Load(model, weights, new LoadOptions { Format = "" });
        Check(model, first, second, 3);
        foreach (var mode in Enum.GetValues<RefitMode>())
        {
            foreach (var byFile in new[] { true, false })
            {
                var next = weights.ToDictionary(item => item.Key, item => item.Value * 2);
                using var refit = model.BeginRefit(mode, options: new LoadOptions { Format = "" });
                if (byFile) refit.Write(_files.Stored(next));
                else refit.Write(next);
                refit.Commit();
                Check(model, first * 2, second * 2, 6);
            }
        }
    }

    [Theory]
    [InlineData("", 1f, 2f)]
    [InlineData("old", 2f, 1f)]
    public void Where_they_do_not_the_caller_says_it(string convention, float first, float second)
    {
        using var model = new SwappedNames();
        _files.Load(model, Weights("a", "b", "c"), new LoadOptions { Format = "" });
        foreach (var weights in new[] { Weights("a", "b"), Weights("a", "b", "c", "d") })
        {
            using var refit = model.BeginRefit(scope: RefitScope.Subset, options: new LoadOptions { Format = "" });
            refit.Write(weights);
            var problems = Assert.Throws<LoadException>(() => refit.Commit()).Problems;
            Assert.Equal(
                [
                    new LoadProblem(LoadProblemKind.Ambiguous, "a.w.weight", Expected: "LoadOptions.Convention to name one: it is another tensor in the usual names or the convention \"old\""),
                    new LoadProblem(LoadProblemKind.Ambiguous, "b.w.weight", Expected: "LoadOptions.Convention to name one: it is another tensor in the usual names or the convention \"old\""),
                ],
                problems.Where(problem => problem.Kind == LoadProblemKind.Ambiguous));
        }
        using (var refit = model.BeginRefit(scope: RefitScope.Subset, options: new LoadOptions { Format = "", Convention = convention }))
        {
            foreach (var (name, tensor) in Weights("a", "b")) refit.Write(name, tensor);
            refit.Commit();
        }
        Check(model, first, second, 3);

        var other = convention.Length == 0 ? "d" : "c";
        Assert.Contains(_files.Refused(model, Weights("a", "b", other), new LoadOptions { Format = "", Convention = convention }), problem => (problem.Kind, problem.Tensor) == (LoadProblemKind.Unexpected, $"{other}.w.weight"));
    }

    [Theory]
    [InlineData(RefitMode.Staged)]
    [InlineData(RefitMode.InPlace)]
    public void What_came_in_one_convention_keeps_its_meaning_whatever_comes_after_it(RefitMode mode)
    {
        using var model = new SwappedForms();
        var weights = Forms("a", "b", "c");
        _files.Load(model, weights, new LoadOptions { Format = "" });
        using var refit = model.BeginRefit(mode, RefitScope.Subset);

        // Usual or new: then one that waits for what decides its format, in the usual one, and one of the new.
        refit.Write(weights.Where(item => item.Key.StartsWith("c.", StringComparison.Ordinal)).ToDictionary());
        refit.Write("a.k.weight", weights["a.k.weight"]);
        refit.Write(Forms("e").Where(item => item.Key == "e.v.weight").ToDictionary());
        Assert.Contains(LoadProblemKind.MixedConventions, Assert.Throws<LoadException>(() => refit.Commit()).Problems.Select(problem => problem.Kind));
    }

    private static Dictionary<string, Tensor> Forms(params string[] names)
    {
        Dictionary<string, Tensor> all = [];
        foreach (var name in names)
        {
            if (name is "c" or "d") all[$"{name}.w.weight"] = full(2, 3f);
            else foreach (var tensor in new[] { "w", "k", "v" }) all[$"{name}.{tensor}.weight"] = full([4, 4], 2f);
        }
        return all;
    }

    private static Dictionary<string, Tensor> Weights(params string[] names) => names.Index().ToDictionary(name => $"{name.Item}.w.weight", name => full(2, name.Index + 1f));

    private static void Check(SwappedNames model, float first, float second, float third)
    {
        Bits.Are(model.First.Weight, _ => first);
        Bits.Are(model.Second.Weight, _ => second);
        Bits.Are(model.Third.Weight, _ => third);
    }
}
