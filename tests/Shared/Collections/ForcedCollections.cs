using System.Diagnostics;
using TorchSharp;
using Xunit.Abstractions;

namespace Lanyard.Tests.Collections;

/// <summary>
/// Does work again and again beside a thread that collects the youngest generation every millisecond: what is freed while native code
/// uses it shows as an exception, other bits or the end of the process.
/// </summary>
internal static class ForcedCollections
{
    private static readonly TimeSpan Time = TimeSpan.FromSeconds(1);

    /// <summary>Checks that the work leaves no Scalar and no tensor to the collector, and gives each time what it gives undisturbed.</summary>
    /// <param name="work">The work; it gives bits by name. It runs on a thread without a dispose scope, which would keep tensors alive.</param>
    /// <param name="output">Where the number of runs goes.</param>
    public static void ChangeNothing(Func<IReadOnlyDictionary<string, byte[]>> work, ITestOutputHelper output)
    {
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                var expected = work();
                LeaveNothing(work);
                Repeat(() => Assert.Equal(expected, work()), output);
            }
            catch (Exception e)
            {
                failure = e;
            }
        });
        thread.Start();
        thread.Join();
        Assert.True(failure is null, $"{failure}");
    }

    /// <summary>The sure half: what is left to the collector is counted, whether or not it was still in use.</summary>
    private static void LeaveNothing(Func<IReadOnlyDictionary<string, byte[]>> work)
    {
        using var finalised = new FinalisedObjects();
        var scalars = finalised.Of(typeof(Scalar));
        work();

        // A tensor that handed its memory on, as to a parameter, is finalised and frees nothing: those that do are counted by TorchSharp.
        var tensors = torch.Tensor.TotalCount;
        Assert.Equal((0, 0), (finalised.Of(typeof(Scalar)) - scalars, tensors - torch.Tensor.TotalCount));
    }

    private static void Repeat(Action check, ITestOutputHelper output)
    {
        var (runs, failed, collections) = (0, 0, GC.CollectionCount(0));
        Exception? first = null;
        using (var stop = new CancellationTokenSource())
        {
            var collector = new Thread(() =>
            {
                while (!stop.Token.WaitHandle.WaitOne(1)) GC.Collect(0);
            });
            collector.Start();
            for (var start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < Time; runs++)
            {
                try
                {
                    check();
                }
                catch (Exception e)
                {
                    first ??= e;
                    failed++;
                }
            }
            stop.Cancel();
            collector.Join();
        }
        output.WriteLine($"{failed:N0} of {runs:N0} runs failed, {GC.CollectionCount(0) - collections:N0} collections");
        Assert.True(failed == 0, $"{failed} of {runs} runs failed, the first with {first}");
    }
}
