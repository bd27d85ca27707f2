using System.Globalization;
using Lanyard.Faults;
using Xunit.Abstractions;

namespace Lanyard.Models.Tests.Faults;

/// <summary>A trainer that saves over its file, cut short first, beside a server that refits from it. <c>LANYARD_OVERWRITTEN</c> says how many refits there are.</summary>
[Trait("Category", "Faults")]
public sealed class OverwrittenFileTests(ITestOutputHelper output) : IDisposable
{
    private const int Refits = 200;
    private const int ChunkBytes = 1 << 18;
    private const int MostPause = 40;

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("lanyard-overwritten-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void Refits_beside_a_writer_commit_whole_weights_or_are_refused_and_the_process_lives()
    {
        var refits = int.Parse(Environment.GetEnvironmentVariable("LANYARD_OVERWRITTEN") ?? $"{Refits}", CultureInfo.InvariantCulture);
        using var folder = new WorkerFolder(_directory.FullName);
        WorkerWeights.Write(folder);
        byte[][] sides = [File.ReadAllBytes(folder.Source(0)), File.ReadAllBytes(folder.Source(1))];
        File.WriteAllBytes(folder.Live, sides[0]);
        var (random, written) = (new Random(1), 0);
        using var worker = new WorkerProcess(folder.Root, refits);
        for (; !worker.HasEnded; written++)
        {
            // Sometimes at once, within the tick of the clock in which the last one ended; sometimes with time for a refit between.
            Thread.Sleep(random.Next(3) == 0 ? 0 : random.Next(MostPause));
            using var file = new FileStream(folder.Live, FileMode.Create, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            var side = sides[written % 2];
            for (var at = 0; at < side.Length; at += ChunkBytes) file.Write(side, at, Math.Min(ChunkBytes, side.Length - at));
        }

        int[] counts = [.. worker.Output().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(number => int.Parse(number, CultureInfo.InvariantCulture))];
        output.WriteLine($"{counts[0]} refits were committed, {counts[1]} refused, beside {written} writes");
        Assert.InRange(counts[0], 1, int.MaxValue);
        Assert.InRange(counts[1], 1, int.MaxValue);
        Assert.InRange(counts[0] + counts[1], refits, int.MaxValue);
    }
}
