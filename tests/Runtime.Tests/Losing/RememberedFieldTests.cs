using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Losing;

/// <summary>What a post-load method assigns beside parameters goes back with them.</summary>
public sealed class RememberedFieldTests : IDisposable
{
    private readonly Scaled _module = new();

    public RememberedFieldTests() => Refit(1);

    public void Dispose() => _module.Dispose();

    [Fact]
    public void A_staged_refit_that_fails_keeps_the_old_numbers_with_the_old_weights()
    {
        var (runs, table) = (Scaled.Runs, _module.Table);
        _module.Fails = true;
        Assert.Throws<InvalidOperationException>(() => Refit(2));
        Assert.Equal((1f, 1f, 2f), (_module.Scale, _module.A[0].ToSingle(), _module.B[0].ToSingle()));
        Assert.Equal(runs, Scaled.Runs);
        Assert.Same(table, _module.Table);
        _module.Fails = false;
        Refit(3);
        Assert.Equal((3f, 3f, 6f, 3f), (_module.Scale, _module.A[0].ToSingle(), _module.B[0].ToSingle(), _module.Table[0]));
    }

    [Fact]
    public void So_do_those_of_an_export_and_of_checksums()
    {
        var table = _module.Table;
        var folder = Directory.CreateTempSubdirectory("lanyard-");
        _module.Export(folder.FullName);
        _ = _module.Checksums();
        Assert.Same(table, _module.Table);
        Assert.Equal(0, _module.Undos);
        folder.Delete(recursive: true);
    }

    private void Refit(float value)
    {
        using var refit = _module.BeginRefit();
        refit.Write("a", full(4, value));
        refit.Write("b", full(4, value));
        refit.Commit();
    }
}
