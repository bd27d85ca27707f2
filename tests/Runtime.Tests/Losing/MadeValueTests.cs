using Lanyard.Tests.Models;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Lanyard.Tests.Losing;

/// <summary>Values that no refit could write to are refused when they are made, before anything moves.</summary>
public sealed class MadeValueTests : IDisposable
{
    private readonly Turned _module = new();

    public void Dispose() => _module.Dispose();

    [Fact]
    public void Elements_that_share_memory_are_refused_at_the_first_load()
    {
        _module.Made = weight => weight.narrow(1, 0, 1).expand(3, 2);
        var error = Assert.Throws<ModelStateException>(() => Refit(1, RefitMode.Staged));
        Assert.Contains("Turned.Weight was made by Turn", error.Message, StringComparison.Ordinal);
        Assert.Contains("contiguous()", error.Message, StringComparison.Ordinal);
        Assert.Equal(ModelState.Building, _module.Parameters.State);
        _module.Made = weight => weight.narrow(1, 0, 1).expand(3, 2).contiguous();
        Refit(1, RefitMode.Staged);
        Refit(2, RefitMode.Staged);
        Assert.Equal(2, _module.Weight[0, 0].ToSingle());
    }

    [Fact]
    public void They_may_be_what_a_refit_copies_from()
    {
        Refit(1, RefitMode.Staged);
        _module.Made = weight => weight.narrow(1, 0, 1).expand(3, 2);
        Refit(2, RefitMode.Staged);
        Assert.Equal((2, 2, 4), (_module.Weight[0, 0].ToSingle(), _module.Weight[1, 0].ToSingle(), _module.Weight[1, 1].ToSingle()));
    }

    [Fact]
    public void A_view_that_negates_is_refused()
    {
        using var imaginary = complex(zeros(2, 3), ones(2, 3)).conj().imag;
        Assert.True(imaginary.is_neg());
        _module.Made = weight => imaginary.t();
        _module.Between = () => throw new InvalidOperationException("accepted");
        Assert.Contains("resolve_neg()", Assert.Throws<ArgumentException>(() => Refit(1, RefitMode.Staged)).Message, StringComparison.Ordinal);
    }

    private void Refit(float first, RefitMode mode)
    {
        using var refit = _module.BeginRefit(mode);
        refit.Write(Turned.Weights(first));
        refit.Commit();
    }
}
