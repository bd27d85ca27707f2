using Lanyard.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Loading;

/// <summary>Tied tensors, optional parameters, and tensors to ignore.</summary>
public sealed class TiedTests : IDisposable
{
    private const string Name = "model.embed_tokens.weight", Alias = "lm_head.weight", Short = "embed_tokens.weight", Ignored = "model.layers.3.norm.weight";
    private readonly TensorFiles _files = new();
    private readonly Tensor _first, _second, _ignored;

    public TiedTests() => (_first, _second, _ignored) = (torch.randn(5, 3), torch.randn(5, 3), torch.ones(2));

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData("", Name)]
    [InlineData("", Alias)]
    [InlineData("", Short)]
    [InlineData("", Name, Alias)]
    [InlineData("", Short, Name)]
    [InlineData("", Alias, Name, Short)]
    [InlineData("text.", Name)]
    [InlineData("text.", Alias)]
    [InlineData("text.", Alias, Name)]
    public void Any_of_the_names_brings_the_tensor(string prefix, params string[] names)
    {
        using var model = new TiedModel().InitialisedByHand();
        var tensors = names.ToDictionary(name => prefix + name, _ => _first);
        tensors[prefix + Ignored] = _ignored;
        var report = _files.Load(model, tensors);
        Assert.Equal((1, 1), (report.Tensors, report.Slots));
        Assert.Equal(Bits.Of(_first), Bits.Of(model.Embedding));

        using var refit = model.BeginRefit();
        foreach (var name in names) refit.Write(prefix + name, _second);
        refit.Commit();
        Assert.Equal(Bits.Of(_second), Bits.Of(model.Embedding));
    }

    [Theory]
    [InlineData("", Name, Alias)]
    [InlineData("", Alias, Name)]
    [InlineData("", Short, Alias)]
    [InlineData("text.", Name, Alias)]
    public void Names_that_differ_are_found_before_the_first_write_and_never_by_the_headers(string prefix, string one, string other)
    {
        using var model = new TiedModel().InitialisedByHand();
        var before = Bits.Of(model);
        var checkpoint = _files.Stored(new Dictionary<string, Tensor> { [prefix + one] = _first, [prefix + other] = _second, [prefix + Ignored] = _ignored });
        var plan = LoadPlan.Create(model, checkpoint);

        Assert.Equal([new LoadProblem(LoadProblemKind.TiedDiffer, prefix + Name, "embedding", $"the same bits as {Alias} and {Short}")], Assert.Throws<LoadException>(() => plan.Execute()).Problems.AsEnumerable());
        Assert.Equal(before, Bits.Of(model));
        Assert.Equal(ModelState.Building, model.Parameters.State);
    }

    public static IEnumerable<object[]> Sessions =>
        from mode in new[] { RefitMode.Staged, RefitMode.InPlace }
        from first in new[] { true, false }
        from second in new[] { true, false }
        select new object[] { mode, first, second };

    [Theory]
    [MemberData(nameof(Sessions))]
    public void A_session_compares_them_wherever_they_come_from(RefitMode mode, bool firstByFile, bool secondByFile)
    {
        using var model = new TiedModel().InitialisedByHand();
        _files.Load(model, new Dictionary<string, Tensor> { [Name] = _first, [Ignored] = _ignored });
        void Bring(RefitSession refit, string name, Tensor value, bool byFile)
        {
            if (byFile) refit.Write(_files.Stored(new Dictionary<string, Tensor> { [name] = value }));
            else refit.Write(name, value);
        }

        using (var refit = model.BeginRefit(mode))
        {
            Bring(refit, Alias, _second, firstByFile);
            Bring(refit, Name, _first, secondByFile);
            Assert.Equal(LoadProblemKind.TiedDiffer, Assert.Single(Assert.Throws<LoadException>(() => refit.Commit()).Problems).Kind);
        }
        using (var refit = model.BeginRefit(mode))
        {
            Bring(refit, Alias, _second, firstByFile);
            Bring(refit, Name, _second.clone(), secondByFile);
            refit.Commit();
        }
        Assert.Equal(Bits.Of(_second), Bits.Of(model.Embedding));
    }

    [Fact]
    public void The_same_bits_in_another_shape_or_type_differ()
    {
        using var model = new TiedModel().InitialisedByHand();
        _files.Load(model, new Dictionary<string, Tensor> { [Name] = _first, [Ignored] = _ignored });
        foreach (var other in new[] { torch.zeros(3, 5), torch.zeros(5, 3, dtype: ScalarType.Int32) })
        {
            using var refit = model.BeginRefit();
            refit.Write(Name, torch.zeros(5, 3));
            refit.Write(Alias, other);
            Assert.Equal(LoadProblemKind.TiedDiffer, Assert.Single(Assert.Throws<LoadException>(() => refit.Commit()).Problems).Kind);
        }
    }

    [Theory]
    [InlineData("text." + Alias, Alias)]
    [InlineData("text." + Name, Name)]
    [InlineData("text." + Name, Alias, Name)]
    public void One_name_twice_is_no_second_name(string again, params string[] names)
    {
        using var model = new TiedModel().InitialisedByHand();
        _files.Load(model, new Dictionary<string, Tensor> { [Name] = _first, [Ignored] = _ignored });
        using var refit = model.BeginRefit();
        foreach (var name in names.Append(again)) refit.Write(name, _first);
        Assert.Equal([new LoadProblem(LoadProblemKind.Duplicate, again, "embedding")], Assert.Throws<LoadException>(() => refit.Commit()).Problems.AsEnumerable());
    }

    [Fact]
    public void A_family_has_tied_and_untied_releases()
    {
        Tensor embedding = torch.randn(4, 3), head = torch.randn(4, 3), hidden = torch.randn(2, 3);
        using (var tied = new MaybeTied(tied: true))
        {
            _files.Load(tied, new Dictionary<string, Tensor> { ["model.weight"] = embedding, [Alias] = embedding });
            _files.Load(tied, new Dictionary<string, Tensor> { [Alias] = head });
            Assert.Equal(Bits.Of(nn.functional.linear(hidden, head)), Bits.Of(tied.call(hidden)));
        }
        using var untied = new MaybeTied(tied: false);
        Assert.Equal([new LoadProblem(LoadProblemKind.Missing, Alias, "lm_head")], _files.Refused(untied, new Dictionary<string, Tensor> { ["model.weight"] = embedding }));
        _files.Load(untied, new Dictionary<string, Tensor> { ["model.weight"] = embedding, [Alias] = head });
        Assert.Equal(Bits.Of(embedding), Bits.Of(untied.Model.Weight));
        Assert.Equal(Bits.Of(nn.functional.linear(hidden, head)), Bits.Of(untied.call(hidden)));
    }

    [Fact]
    public void An_optional_parameter_is_asked_for_where_it_is_and_unexpected_where_it_is_not()
    {
        using TiedModel without = new(), with = new(hasBias: true);
        var tensors = new Dictionary<string, Tensor> { [Name] = _first, [Ignored] = _ignored };
        Assert.Equal([new LoadProblem(LoadProblemKind.Missing, "model.bias", "bias")], _files.Refused(with, tensors));
        _files.Load(without, tensors);
        Assert.Null(without.Bias);

        tensors["model.bias"] = torch.ones(3);
        Assert.Equal([(LoadProblemKind.Unexpected, "model.bias")], _files.Refused(without, tensors).Select(problem => (problem.Kind, problem.Tensor)));
        _files.Load(with, tensors);
        Assert.Equal(Bits.Of(torch.ones(3)), Bits.Of(with.Bias!));
    }

    [Fact]
    public void An_ignore_that_nothing_needs_is_an_error_unless_it_is_optional()
    {
        using var model = new TiedModel().InitialisedByHand();
        var tensors = new Dictionary<string, Tensor> { [Name] = _first };
        Assert.Equal([new LoadProblem(LoadProblemKind.UnusedIgnore, "model.layers.3.**", Expected: "a tensor to ignore")], _files.Refused(model, tensors));

        // Layer 30 is not layer 3, and one star ends at a dot.
        tensors["model.layers.30.weight"] = _ignored;
        tensors["extra.a.b"] = _ignored;
        Assert.Equal(
            [(LoadProblemKind.Unexpected, "extra.a.b"), (LoadProblemKind.Unexpected, "model.layers.30.weight"), (LoadProblemKind.UnusedIgnore, "model.layers.3.**")],
            _files.Refused(model, tensors).Select(problem => (problem.Kind, problem.Tensor)).Order());
        _files.Load(model, new Dictionary<string, Tensor> { [Name] = _first, [Ignored] = _ignored, ["extra.a"] = _ignored });

        // A trainer does not send what the model ignores.
        using var refit = model.BeginRefit();
        refit.Write(Name, _second);
        refit.Commit();
    }

    [Fact]
    public void Of_several_names_that_are_near_one_none_is_suggested()
    {
        using var model = new TiedModel();
        var tensors = new Dictionary<string, Tensor> { [Ignored] = _ignored, ["model.embed_tokens.wieght"] = _first };
        Assert.Equal([Name], Nearest());
        tensors["model.embed_tokens.weigth"] = _first;
        Assert.Equal([null, null], Nearest());

        IEnumerable<string?> Nearest() => _files.Refused(model, tensors).Where(problem => problem.Kind == LoadProblemKind.Unexpected).Select(problem => problem.Nearest);
    }

    [Fact]
    public void A_whole_tied_tensor_after_a_patch_under_its_other_name_is_refused()
    {
        using var scope = NewDisposeScope();
        using var model = new TiedModel().InitialisedByHand();
        using (var refit = model.BeginRefit())
        {
            refit.Write("model.embed_tokens.weight", torch.zeros(5, 3));
            refit.Commit();
        }
        using (var refit = model.BeginRefit(RefitMode.Staged, RefitScope.Subset))
        {
            refit.Patch("lm_head.weight", torch.tensor(new long[] { 0 }), torch.tensor(new[] { 7f }));
            refit.Write("model.embed_tokens.weight", torch.ones(5, 3));
            Assert.Equal(LoadProblemKind.Duplicate, Assert.Single(Assert.Throws<LoadException>(() => refit.Commit()).Problems).Kind);
        }
    }
}
