using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Lanyard.Distributed.Native;

/// <summary>Open MPI's library: what it calls by name, and what it answers.</summary>
internal static unsafe class MpiLibrary
{
    private const int MaxErrorText = 256;

    /// <summary>All processes of the job.</summary>
    public static nint World { get; private set; }

    /// <summary>No communicator.</summary>
    public static nint NoCommunicator { get; private set; }

    /// <summary>No request.</summary>
    public static nint NoRequest { get; private set; }

    /// <summary>The type of bytes, the only one that is used: what they mean is said by who sends them.</summary>
    public static nint Byte { get; private set; }

    /// <summary>The handler that lets functions return what went wrong.</summary>
    public static nint ReturnErrors { get; private set; }

    /// <summary>Finds the library.</summary>
    /// <exception cref="MpiException">It is not there, or is another one.</exception>
    public static void Open()
    {
        if (!NativeLibrary.TryLoad(MpiFunctions.Library, typeof(MpiLibrary).Assembly, null, out var library))
            throw new MpiException("Open MPI", 0, $"its library {MpiFunctions.Library} is not where the loader looks. Start the program by mpirun, or name the library's folder in LD_LIBRARY_PATH.");
        World = Symbol("ompi_mpi_comm_world");
        NoCommunicator = Symbol("ompi_mpi_comm_null");
        NoRequest = Symbol("ompi_request_null");
        Byte = Symbol("ompi_mpi_byte");
        ReturnErrors = Symbol("ompi_mpi_errors_return");

        nint Symbol(string name) => NativeLibrary.TryGetExport(library, name, out var address) ? address : throw new MpiException("Open MPI", 0, $"the library {MpiFunctions.Library} has no {name}: it is not Open MPI's.");
    }

    /// <summary>Throws what a function returned, unless it went well.</summary>
    /// <exception cref="MpiException">It did not.</exception>
    public static void Check(int code, [CallerArgumentExpression(nameof(code))] string call = "")
    {
        if (code != 0) throw Failure(call[(call.IndexOf("MPI_", StringComparison.Ordinal) is var at and >= 0 ? at : 0)..(call.IndexOf('(', StringComparison.Ordinal) is var end and >= 0 ? end : call.Length)], code);
    }

    /// <summary>What a function returned, in the words of the library.</summary>
    public static MpiException Failure(string operation, int code, string? what = null)
    {
        var text = stackalloc byte[MaxErrorText];
        var length = 0;
        var words = MpiFunctions.MPI_Error_string(code, text, &length) == 0 ? Encoding.UTF8.GetString(text, length) : "no words for it";
        return new MpiException(operation, code, $"{(what is null ? "" : what + ": ")}{words} ({code}).");
    }
}
