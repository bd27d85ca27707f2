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
    public static void ChangeNothing(Func<IReadOnlyDictionary<string, byte[]>> work, ITestOutputHelper output) => ChangeNothing(work, output, LeaveNothing);

    /// <summary>Checks that work gives each time what it gives undisturbed, though it leaves the tensors that it hands on to the collector.</summary>
    /// <inheritdoc cref="ChangeNothing(Func{IReadOnlyDictionary{string, byte[]}}, ITestOutputHelper)" path="/param"/>
    public static void FreeNothingGiven(Func<IReadOnlyDictionary<string, byte[]>> work, ITestOutputHelper output) => ChangeNothing(work, output, Optimise);

    private static void ChangeNothing(Func<IReadOnlyDictionary<string, byte[]>> work, ITestOutputHelper output, Action<Func<IReadOnlyDictionary<string, byte[]>>> check)
    {
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                var expected = work();
                check(work);
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

    /// <summary>Has the runtime compile everything with optimisation, which alone forgets a tensor before its method returns: that takes thirty calls, after a while without new code.</summary>
    private static void Optimise(Func<IReadOnlyDictionary<string, byte[]>> work)
    {
        Thread.Sleep(200);
        for (var i = 0; i < 35; i++) work();
        Thread.Sleep(200);
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
                while (!stop.Token.WaitHandle.WaitOne(1))
                {
                    GC.Collect(0);
                    GC.WaitForPendingFinalizers();
                }
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
