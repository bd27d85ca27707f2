using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Losing;

/// <summary>What a class does otherwise the second time, or holds where TorchSharp does not look again.</summary>
public sealed class OnceLayerTests : IDisposable
{
    private readonly OnceLayer _layer = new();

    public void Dispose() => _layer.Dispose();

    [Theory]
    [InlineData(RefitMode.Staged)]
    [InlineData(RefitMode.InPlace)]
    public void A_method_that_leaves_what_it_made_before_is_named(RefitMode mode)
    {
        // A field that says it has run goes back with weights that do; here it was set before.
        Load(RefitMode.Staged);
        var error = Assert.Throws<ModelStateException>(() => Load(mode));
        Assert.Contains("Double ran, but did not assign OnceLayer.Doubled", error.Message, StringComparison.Ordinal);
        Assert.Equal(mode == RefitMode.Staged ? ModelState.Loaded : ModelState.Torn, _layer.Parameters.State);
        _layer.Always = true;
        Load(mode);
        Assert.Equal(ModelState.Loaded, _layer.Parameters.State);
    }

    [Theory]
    [InlineData(RefitMode.Staged)]
    [InlineData(RefitMode.InPlace)]
    public void A_method_that_never_made_what_nothing_else_makes_is_named(RefitMode mode)
    {
        using var skips = new SkippingLayer(makes: false);
        var error = Assert.Throws<ModelStateException>(() => Bring(skips, mode));
        Assert.Equal("Double ran, but did not assign SkippingLayer.Doubled, which nothing else makes. Assign it on every way through the method, or say with When = ... which instances have it.", error.Message);
        Assert.NotEqual(ModelState.Loaded, skips.Parameters.State);
        using var makes = new SkippingLayer(makes: true);
        Bring(makes, mode);
        Assert.Equal(2, makes.Doubled[0].ToSingle());

        // What a constructor gave it is a value.
        using var given = new SkippingLayer(makes: false, isGiven: true);
        Bring(given, mode);
        Assert.Equal(0, given.Doubled[0].ToSingle());

        static void Bring(SkippingLayer layer, RefitMode mode)
        {
            using var refit = layer.BeginRefit(mode);
            refit.Write("weight", ones(4));
            refit.Commit();
        }
    }

    [Fact]
    public void What_is_put_into_a_dictionary_later_is_asked_for()
    {
        _layer.Always = true;
        Load(RefitMode.Staged);
        _layer.Adapters.Add("late", new Handed());
        Assert.Contains("adapters.late.weight", Assert.Throws<LoadException>(() => Load(RefitMode.Staged)).Message, StringComparison.Ordinal);
        Load(RefitMode.Staged, "adapters.late.weight");
    }

    [Fact]
    public void A_module_list_that_registers_what_it_no_longer_holds_is_refused()
    {
        _layer.Always = true;
        _layer.Layers[0] = new Handed();
        Assert.Contains("layers.0", Assert.Throws<InvalidOperationException>(() => Load(RefitMode.Staged)).Message, StringComparison.Ordinal);
        Assert.Contains("layers.0", Assert.Throws<InvalidOperationException>(() => _layer.to(ScalarType.Float64)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parameters_are_made_once()
    {
        _layer.Always = true;
        Assert.Equal(4, _layer.AllParameters().Count());
        Assert.Throws<ModelStateException>(() => _layer.CreateAgain(Topology.Single));
        Load(RefitMode.InPlace);
    }

    private void Load(RefitMode mode, params string[] more)
    {
        using var refit = _layer.BeginRefit(mode);
        refit.Write("weight", ones(4));
        foreach (var name in more.Concat(["adapters.a.weight", "layers.0.weight"])) refit.Write(name, ones(4, 3));
        refit.Commit();
    }
}
