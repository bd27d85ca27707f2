using System.Runtime.InteropServices;

namespace Lanyard.Distributed.Native;

/// <summary>
/// What the process does on signals of faults. .NET makes exceptions of them, as of a reference that is null; libraries that Open MPI loads, such as UCX, put their own handlers in place, which
/// end the process.
/// </summary>
internal static unsafe partial class SignalHandlers
{
    // More than a sigaction of any system takes.
    private const int Size = 512;

    // SIGILL, SIGTRAP, SIGFPE, SIGSEGV, and SIGBUS, which has a number of its own elsewhere than on Linux.
    private static readonly int[] Signals = [4, 5, 8, 11, OperatingSystem.IsLinux() ? 7 : 10];

    /// <summary>Does something, and puts the handlers back that were there before.</summary>
    public static int Keeping(Func<int> action)
    {
        var handlers = new byte[Signals.Length * Size];
        fixed (byte* handler = handlers)
        {
            for (var i = 0; i < Signals.Length; i++) _ = sigaction(Signals[i], null, handler + (i * Size));
            var result = action();
            for (var i = 0; i < Signals.Length; i++) _ = sigaction(Signals[i], handler + (i * Size), null);
            return result;
        }
    }

    [LibraryImport("libc")]
    private static partial int sigaction(int signal, byte* handler, byte* previous);
}
