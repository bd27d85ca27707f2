using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Lanyard.Tests.Losing;

/// <summary>A tree that changes after it was read: what is new in it never runs on memory that nobody wrote.</summary>
public sealed class ChangedTreeTests : IDisposable
{
    private static readonly string[] Names = ["first.weight", "second.weight", "body.0.weight"];

    private readonly TwoHanded _model = new(new Handed(), new Handed()) { Body = nn.Sequential(("0", new Handed())) };

    public ChangedTreeTests() => Load(1);

    public static TheoryData<string> Changes => ["more.0", "second", "body.1"];

    public void Dispose() => _model.Dispose();

    [Theory]
    [MemberData(nameof(Changes))]
    public void A_whole_refit_takes_the_tree_that_there_is(string change)
    {
        Change(change);
        if (change != "second") Assert.Contains($"{change}.weight", Assert.Throws<LoadException>(() => Load(2)).Message, StringComparison.Ordinal);
        Load(2, change != "second" ? $"{change}.weight" : null);
        foreach (var (name, parameter) in _model.AllParameters()) Assert.Equal((name, 2f), (name, parameter.Value[3, 2].ToSingle()));
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public void A_subset_does_not_pass_over_what_was_never_loaded(string change)
    {
        Change(change);
        using var refit = _model.BeginRefit(scope: RefitScope.Subset);
        using var value = full(4, 3, 2f);
        refit.Write("first.weight", value);
        Assert.Contains($"{change}.weight", Assert.Throws<LoadException>(() => refit.Commit()).Message, StringComparison.Ordinal);
        Assert.Throws<ModelStateException>(() => _model.Checksums());
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public void A_session_that_has_begun_is_refused_with_its_name(string change)
    {
        using var refit = _model.BeginRefit();
        using var value = full(4, 3, 2f);
        foreach (var name in Names) refit.Write(name, value);
        Change(change);
        Assert.Contains(change, Assert.Throws<ModelStateException>(() => refit.Commit()).Message, StringComparison.Ordinal);
        Assert.Equal(1f, _model.First.Weight[0, 0].ToSingle());
        Assert.Equal(ModelState.Loaded, _model.Parameters.State);
    }

    [Fact]
    public void What_is_gone_is_named_too()
    {
        _model.Grow();
        Load(2, "more.0.weight");
        using var refit = _model.BeginRefit(scope: RefitScope.Subset);
        _model.Shrink();
        Assert.Contains("gone: more.0", Assert.Throws<ModelStateException>(() => refit.Commit()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_nothing_changed_comparing_allocates_nothing()
    {
        _model.Body = null;
        _ = _model.AllParameters();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) _ = _model.AllParameters();
        var each = (GC.GetAllocatedBytesForCurrentThread() - before) / 100;

        // The enumeration that is returned, and nothing for each module.
        Assert.InRange(each, 0, 200);
    }

    private void Change(string change)
    {
        switch (change)
        {
            case "more.0":
                _model.Grow();
                break;
            case "second":
                _model.Second = new Handed();
                break;
            default:
                _model.Body!.append("1", new Handed());
                break;
        }
    }

    private void Load(float of, string? more = null)
    {
        using var refit = _model.BeginRefit();
        using var value = full(4, 3, of);
        foreach (var name in more is null ? Names : [.. Names, more]) refit.Write(name, value);
        refit.Commit();
    }
}
