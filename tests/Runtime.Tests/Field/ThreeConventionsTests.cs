using Lanyard.Checkpoints;
using Lanyard.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Field;

/// <summary>Three conventions for one text model: it is loaded from a file with one of them and refitted by a trainer with another.</summary>
public sealed class ThreeConventionsTests : IDisposable
{
    private static readonly Dictionary<string, string[]> Names = new()
    {
        ["new"] = ["model.language_model.layers.0.x.weight", "model.language_model.layers.1.x.weight", "lm_head.weight"],
        ["old"] = ["language_model.model.layers.0.x.weight", "language_model.model.layers.1.x.weight", "language_model.lm_head.weight"],
        ["text only"] = ["model.layers.0.x.weight", "model.layers.1.x.weight", "lm_head.weight"],
    };

    private readonly TensorFiles _files = new();
    private readonly List<string> _folders = [];

    public void Dispose()
    {
        _files.Dispose();
        _folders.ForEach(folder => Directory.Delete(folder, recursive: true));
    }

    public static IEnumerable<object[]> Pairs => from first in Names.Keys from second in Names.Keys from isNested in new[] { false, true } select new object[] { first, second, isNested };

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Loaded_under_any_and_refitted_under_any(string first, string second, bool isNested)
    {
        foreach (var mode in Enum.GetValues<RefitMode>())
        {
            for (var way = 0; way < 6; way++)
            {
                using var module = Model(isNested);
                var model = (IParameterModule)module;
                _files.Load(model, Weights(first, isNested, [1, 2, 3]));
                Assert.Equal([1, 1, 2, 2, 3, 3], Values(model));
                using var refit = model.BeginRefit(mode);
                var weights = Weights(second, isNested, [5, 6, 7]);
                switch (way)
                {
                    case 0: refit.Write(weights); break;
                    case 1: refit.Write(_files.Stored(weights)); break;
                    case 2: foreach (var (name, tensor) in weights.Reverse()) refit.Write(name, tensor); break;
                    case 3: foreach (var (name, tensor) in weights) refit.WriteSlice(name, tensor); break;
                    case 4: foreach (var (name, tensor) in weights) { refit.Write(name, tensor[1..], [1]); refit.Write(name, tensor[..1], [0]); } break;
                    default: foreach (var (name, values) in weights) refit.Patch(name, tensor([0L, 1L]), values); break;
                }
                Assert.Equal(3, refit.Commit().Tensors);
                Assert.Equal([5, 5, 6, 6, 7, 7], Values(model));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void An_export_under_a_chosen_convention_gives_exactly_those_names(string first, string second, bool isNested)
    {
        using nn.Module module = Model(isNested), other = Model(isNested);
        IParameterModule model = (IParameterModule)module, again = (IParameterModule)other;
        _files.Load(model, Weights(first, isNested, [1, 2, 3]));
        using var exported = Exported(model, second);
        Assert.Equal(Place(second, isNested).Order(), exported.Tensors.Keys.Order());
        LoadPlan.Create(again, exported).Execute();
        Assert.Equal([1, 1, 2, 2, 3, 3], Values(again));

        var asked = model.Checksums();
        Assert.True(asked.Compare(WeightChecksums.Of(exported, asked)).IsProof);
    }

    [Theory]
    [InlineData("new")]
    [InlineData("old")]
    [InlineData("text only")]
    public void Ranks_load_refit_and_merge(string convention)
    {
        for (var rank = 0; rank < 2; rank++)
        {
            using var model = new Tower(new Topology(rank, 2));
            _files.Load(model, Weights("old", isNested: false, [1, 2, 3]));
            using (var refit = model.BeginRefit(RefitMode.InPlace))
            {
                foreach (var (name, tensor) in Weights(convention, isNested: false, [5, 6, 7])) refit.WriteSlice(name, tensor[rank..(rank + 1)]);
                refit.Commit();
            }
            Assert.Equal([5, 6, 7], Values(model));
            model.Export(Folder(), new ExportOptions { Convention = convention });
        }
        CheckpointMerge.Merge([.. _folders], Folder());
        using var merged = Checkpoint.Open(_folders[2]);
        Assert.Equal(Names[convention].Order(), merged.Tensors.Keys.Order());
        using var whole = new Tower();
        LoadPlan.Create(whole, merged).Execute();
        Assert.Equal([5, 5, 6, 6, 7, 7], Values(whole));
    }

    [Theory]
    [InlineData(RefitMode.Staged, 0)]
    [InlineData(RefitMode.InPlace, 0)]
    [InlineData(RefitMode.Staged, 1)]
    [InlineData(RefitMode.InPlace, 1)]
    [InlineData(RefitMode.Staged, 2)]
    public void One_tensor_under_two_of_its_names_has_one_value(RefitMode mode, int way)
    {
        using var model = new Tower();
        _files.Load(model, Weights("new", isNested: false, [1, 2, 3]));
        foreach (var other in new[] { 6f, 9f })
        {
            using var refit = model.BeginRefit(mode);
            var weights = Weights("old", isNested: false, [5, 6, 7]);
            weights.Add("model.layers.1.x.weight", full(2, other));
            if (way == 0) refit.Write(weights);
            else if (way == 1) refit.Write(_files.Stored(weights));
            else foreach (var (name, tensor) in weights) refit.Write(name, tensor);
            if (other == 6f)
            {
                refit.Commit();
                Assert.Equal([5, 5, 6, 6, 7, 7], Values(model));
                continue;
            }
            var problem = Assert.Single(Assert.Throws<LoadException>(() => refit.Commit()).Problems);
            Assert.Equal((LoadProblemKind.TiedDiffer, "language_model.model.layers.1.x.weight", "the same bits as model.layers.1.x.weight"), (problem.Kind, problem.Tensor, problem.Expected));
        }
        if (mode == RefitMode.Staged) Assert.Equal([5, 5, 6, 6, 7, 7], Values(model));
        else Assert.Equal(ModelState.Torn, model.Parameters.State);
    }

    [Fact]
    public void A_file_with_two_names_of_a_tensor_is_compared_before_the_first_write()
    {
        using var model = new Tower();
        var weights = Weights("old", isNested: false, [5, 6, 7]);
        weights.Add("lm_head.weight", full(2, 7f));
        _files.Load(model, weights);
        Assert.Equal([5, 5, 6, 6, 7, 7], Values(model));
        weights["lm_head.weight"] = full(2, 8f);
        var plan = LoadPlan.Create(model, _files.Stored(weights));
        Assert.Equal(LoadProblemKind.TiedDiffer, Assert.Single(Assert.Throws<LoadException>(() => plan.Execute(mode: RefitMode.Staged)).Problems).Kind);
        Assert.Equal([5, 5, 6, 6, 7, 7], Values(model));
    }

    [Theory]
    [InlineData("language_model.language_model.model.layers.0.x.weight")]
    [InlineData("text.model.layers.0.x.weight")]
    [InlineData("model.text_model.layers.0.x.weight")]
    [InlineData("language_model.language_model.lm_head.weight")]
    public void A_doubled_prefix_and_an_undeclared_convention_are_unexpected(string name)
    {
        using var model = new Tower();
        var weights = Weights("old", isNested: false, [1, 2, 3]);
        weights.Add(name, full(2, 1f));

        // Beside all that is needed nothing else was meant.
        foreach (var problems in new[] { _files.Refused(model, weights), Refused(model, weights) }) Assert.Equal([new LoadProblem(LoadProblemKind.Unexpected, name)], problems);
    }

    [Theory]
    [InlineData("old", "language_model.", "language_model.language_model.")]
    [InlineData("old", "language_model.lm_head.", "language_model.language_model.lm_head.")]
    [InlineData("text only", "", "text.")]
    [InlineData("text only", "model.", "model.text_model.")]
    public void In_place_of_what_is_needed_they_are_told_with_the_names_of_the_convention_that_came(string convention, string prefix, string other)
    {
        using var model = new Tower();
        var weights = Weights(convention, isNested: false, [1, 2, 3]);
        var renamed = weights.Keys.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).ToDictionary(name => other + name[prefix.Length..]);
        var came = weights.ToDictionary(item => renamed.FirstOrDefault(name => name.Value == item.Key).Key ?? item.Key, item => item.Value);
        foreach (var problems in new[] { _files.Refused(model, came), Refused(model, came) })
            Assert.Equal(renamed.OrderBy(name => name.Key), problems.Where(problem => problem.Kind == LoadProblemKind.Unexpected).Select(problem => KeyValuePair.Create(problem.Tensor, problem.Nearest!)).OrderBy(name => name.Key));
    }

    [Fact]
    public void A_mixture_is_refused_with_what_came_in_which()
    {
        using var model = new Tower();
        var weights = Weights("text only", isNested: false, [1, 2, 3]);
        weights.Remove("model.layers.1.x.weight");
        weights.Add("language_model.model.layers.1.x.weight", full(2, 2f));
        foreach (var problems in new[] { _files.Refused(model, weights), Refused(model, weights) })
        {
            Assert.Equal(
                [new LoadProblem(LoadProblemKind.MixedConventions, "language_model.model.layers.1.x.weight", "model.language_model.layers.1.weight", "one way of naming throughout: 2 of 3 tensors came in the convention \"text only\"", "the convention \"old\"", "model.layers.1.x.weight")],
                problems);
        }
    }

    [Fact]
    public void What_is_missing_has_its_name_in_the_convention_that_came()
    {
        using var model = new Tower();
        var weights = Weights("old", isNested: false, [1, 2, 3]);
        weights.Remove("language_model.lm_head.weight");
        Assert.Equal(["language_model.lm_head.weight"], _files.Refused(model, weights).Select(problem => problem.Tensor));
        _files.Load(model, Weights("new", isNested: false, [1, 2, 3]));
        using var refit = model.BeginRefit(scope: RefitScope.Subset);
        refit.Write(weights);
        Assert.Equal(2, refit.Commit().Tensors);
    }

    [Fact]
    public void A_convention_that_no_class_states_is_refused()
    {
        using var model = new Tower();
        _files.Load(model, Weights("new", isNested: false, [1, 2, 3]));
        var message = Assert.Throws<ArgumentException>(() => Exported(model, "older")).Message;
        Assert.Equal("No class of the model names anything in a convention \"older\". There are \"old\", \"new\", \"text only\".", message);
        Assert.Equal(message, Assert.Throws<ArgumentException>(() => _files.Load(model, [], new LoadOptions { Convention = "older" })).Message);
    }

    private static nn.Module Model(bool isNested) => isNested ? new Scene() : new Tower();

    private static IEnumerable<string> Place(string convention, bool isNested) => Names[convention].Select(name => isNested ? $"policy.text.{name}" : name);

    private static Dictionary<string, Tensor> Weights(string convention, bool isNested, float[] values) =>
        Place(convention, isNested).Zip(values).ToDictionary(pair => pair.First, pair => full(2, pair.Second));

    private static float[] Values(IParameterModule model) => [.. model.AllParameters().OrderBy(item => item.Name.Contains("lm_head", StringComparison.Ordinal)).ThenBy(item => item.Name, StringComparer.Ordinal).SelectMany(item => item.Parameter.Value.data<float>().ToArray())];

    private static IReadOnlyList<LoadProblem> Refused(IParameterModule model, Dictionary<string, Tensor> weights)
    {
        using var refit = model.BeginRefit();
        foreach (var (name, tensor) in weights) refit.Write(name, tensor);
        return Assert.Throws<LoadException>(() => refit.Commit()).Problems;
    }

    private string Folder()
    {
        _folders.Add(Directory.CreateTempSubdirectory("lanyard-").FullName);
        return _folders[^1];
    }

    private Checkpoint Exported(IParameterModule model, string convention)
    {
        var folder = Folder();
        model.Export(folder, new ExportOptions { Convention = convention });
        return Checkpoint.Open(folder);
    }
}
