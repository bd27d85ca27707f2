using Lanyard.Tests.Models;

namespace Lanyard.Tests.Refit;

/// <summary>What the process holds. These run alone, since other tests allocate too.</summary>
[Collection(nameof(Alone))]
public sealed class MemoryTests : IDisposable
{
    private readonly TinyScene _scene = new();

    public MemoryTests() => _scene.Load(_scene.First);

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void A_thousand_refits_do_not_grow_native_memory()
    {
        void Steps(int count)
        {
            for (var i = 0; i < count; i++) _scene.Refit(i % 2 == 0 ? _scene.Second : _scene.First, i % 3 == 0 ? RefitMode.InPlace : RefitMode.Staged);
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Steps(100);
        var before = Environment.WorkingSet;
        Steps(1000);
        var grown = Environment.WorkingSet - before;
        Assert.True(grown < 8 << 20, $"the process grew by {grown:N0} bytes over 1,000 refits of {_scene.Bits().Values.Sum(bits => (long)bits.Length):N0} bytes");
    }

    [CollectionDefinition(nameof(Alone), DisableParallelization = true)]
    public sealed class Alone;
}
