using System.Runtime.ExceptionServices;

namespace Lanyard;

/// <summary>Work that several threads share.</summary>
internal static class Workers
{
    /// <summary>Runs what starts the threads. Where it fails, the first exception comes out as it was thrown, however many threads there were.</summary>
    public static void Run(Action parallel)
    {
        try
        {
            parallel();
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.Flatten().InnerExceptions[0]);
        }
    }
}
