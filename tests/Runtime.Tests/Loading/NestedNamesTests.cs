using Lanyard.Checkpoints;
using Lanyard.Tests.Models;
using Lanyard.Tests.Models.Named;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Loading;

/// <summary>Prefixes, aliases and ignores of a class hold from the place of each of its modules.</summary>
public sealed class NestedNamesTests : IDisposable
{
    private const string Embedding = "model.embed_tokens.weight", Head = "lm_head.weight", Ignored = "model.layers.3.norm.weight";
    private readonly TensorFiles _files = new();
    private readonly Tensor _first = torch.randn(5, 3), _second = torch.randn(5, 3), _ignored = torch.ones(2);

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData("policy.", "critic.text.")]
    [InlineData("policy.text.", "critic.text.text.")]
    public void A_model_that_is_a_child_keeps_its_names(string policy, string critic)
    {
        using var model = new TiedPair();
        foreach (var name in new[] { Embedding, Head })
        {
            _files.Load(model, new Dictionary<string, Tensor> { [policy + name] = _first, [critic + name] = _second, [policy + Ignored] = _ignored, [critic + "extra.x"] = _ignored });
            Assert.Equal([Bits.Of(_first), Bits.Of(_second)], new[] { Bits.Of(model.Policy.Embedding), Bits.Of(model.Critic.Embedding) });
        }

        using (var refit = model.BeginRefit(scope: RefitScope.Subset))
        {
            refit.Write(policy + Head, _second);
            refit.Write(policy + Embedding, _second);
            refit.Write(critic + "model.layers.3.x", _ignored);
            Assert.Equal(1, refit.Commit().Tensors);
        }
        Assert.Equal(Bits.Of(_second), Bits.Of(model.Policy.Embedding));

        using (var refit = model.BeginRefit(scope: RefitScope.Subset))
        {
            refit.Write(critic + Head, _first);
            refit.Write(critic + Embedding, _second);
            Assert.Equal((LoadProblemKind.TiedDiffer, critic + Embedding), Assert.Throws<LoadException>(() => refit.Commit()).Problems.Select(problem => (problem.Kind, problem.Tensor)).Single());
        }

        var folder = Directory.CreateTempSubdirectory("lanyard-");
        model.Export(folder.FullName, new ExportOptions { Prefix = policy.EndsWith("text.", StringComparison.Ordinal) });
        using (var exported = Checkpoint.Open(folder.FullName)) Assert.Equal([critic + Embedding, policy + Embedding], exported.Tensors.Keys.Order());
        folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData(Embedding)]
    [InlineData("text." + Embedding)]
    [InlineData("policy.critic." + Head)]
    [InlineData(Ignored)]
    [InlineData("extra.x")]
    [InlineData("policy.text.text." + Embedding)]
    public void They_hold_nowhere_else(string name)
    {
        using var model = new TiedPair();
        var tensors = new Dictionary<string, Tensor> { ["policy." + Embedding] = _first, ["critic.text." + Embedding] = _second, ["policy." + Ignored] = _ignored, [name] = _first };
        Assert.Equal([(LoadProblemKind.Unexpected, name)], _files.Refused(model, tensors).Select(problem => (problem.Kind, problem.Tensor)));
    }

    [Fact]
    public void An_ignore_is_used_below_one_of_its_modules_or_reported_with_all()
    {
        using var model = new TiedPair();
        var tensors = new Dictionary<string, Tensor> { ["policy." + Embedding] = _first, ["critic.text." + Embedding] = _second };
        Assert.Equal([new LoadProblem(LoadProblemKind.UnusedIgnore, "policy.model.layers.3.** and critic.text.model.layers.3.**", Expected: "a tensor to ignore")], _files.Refused(model, tensors));
    }

    [Fact]
    public void One_model_with_the_prefix_and_one_without_is_a_mixture_where_both_are_of_one_class()
    {
        using var model = new TiedPair();
        var tensors = new Dictionary<string, Tensor> { ["policy.text." + Embedding] = _first, ["critic.text." + Embedding] = _second, ["policy." + Ignored] = _ignored };
        Assert.Equal([(LoadProblemKind.MixedConventions, "policy.text." + Embedding)], _files.Refused(model, tensors).Select(problem => (problem.Kind, problem.Tensor)));
    }

    [Fact]
    public void A_layer_without_an_indexer_leaves_alone_what_a_checkpoint_has_of_it_and_one_with_does_not()
    {
        using var model = new IndexedModel(true, false, false);
        var tensors = new Dictionary<string, Tensor>();
        for (var layer = 0; layer < 3; layer++) tensors.Add($"model.layers.{layer}.x.weight", full(2, (float)layer));
        tensors.Add("model.layers.0.indexer.wk.weight", full(2, 9f));
        Assert.Equal([new LoadProblem(LoadProblemKind.UnusedIgnore, "model.layers.{1,2}.indexer.**", Expected: "a tensor to ignore")], _files.Refused(model, tensors));

        tensors.Add("model.layers.2.indexer.wk.weight", full(2, 8f));
        _files.Load(model, tensors);
        Bits.Are(model.Layers[0].Wk!, _ => 9);
        using (var refit = model.BeginRefit())
        {
            foreach (var (name, tensor) in tensors) refit.Write(name, tensor);
            refit.Write("model.layers.1.indexer.k_norm.bias", full(2, 8f));
            Assert.Equal(4, refit.Commit().Tensors);
        }

        foreach (var name in new[] { "model.layers.0.indexer.k_norm.bias", "model.layers.3.indexer.wk.weight", "indexer.wk.weight" })
        {
            var others = new Dictionary<string, Tensor>(tensors) { [name] = full(2, 1f) };
            Assert.Equal([(LoadProblemKind.Unexpected, name)], _files.Refused(model, others).Select(problem => (problem.Kind, problem.Tensor)));
        }
    }

    [Fact]
    public void Where_no_instance_has_the_condition_nothing_is_ignored_and_nothing_asked_for()
    {
        using var model = new IndexedModel(true);
        _files.Load(model, new Dictionary<string, Tensor> { ["model.layers.0.x.weight"] = full(2, 1f), ["model.layers.0.indexer.wk.weight"] = full(2, 9f) });
    }

    [Fact]
    public void A_condition_that_changes_is_read_again()
    {
        using var model = new IndexedModel(false);
        var tensors = new Dictionary<string, Tensor> { ["model.layers.0.x.weight"] = full(2, 1f), ["model.layers.0.indexer.wk.weight"] = full(2, 9f) };
        _files.Load(model, tensors);
        model.Layers[0].Strict = true;
        Assert.Equal(["model.layers.0.indexer.wk.weight"], _files.Refused(model, tensors).Select(problem => problem.Tensor));
        model.Layers[0].Strict = false;
        _files.Load(model, tensors);
    }
}
