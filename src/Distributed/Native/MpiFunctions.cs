using System.Runtime.InteropServices;

namespace Lanyard.Distributed.Native;

/// <summary>What is called of Open MPI's library. A communicator, a type and a request are addresses there.</summary>
internal static unsafe partial class MpiFunctions
{
    /// <summary>The library by the name that versions 2 to 5 of Open MPI have given it, so that a later one that is laid out otherwise is not taken.</summary>
    public const string Library = "libmpi.so.40";

    [LibraryImport(Library)]
    public static partial int MPI_Init_thread(int* count, byte*** arguments, int required, int* provided);

    [LibraryImport(Library)]
    public static partial int MPI_Finalize();

    [LibraryImport(Library)]
    public static partial int MPI_Abort(nint communicator, int code);

    [LibraryImport(Library)]
    public static partial int MPI_Error_string(int code, byte* text, int* length);

    [LibraryImport(Library)]
    public static partial int MPI_Comm_set_errhandler(nint communicator, nint handler);

    [LibraryImport(Library)]
    public static partial int MPI_Comm_rank(nint communicator, int* rank);

    [LibraryImport(Library)]
    public static partial int MPI_Comm_size(nint communicator, int* size);

    [LibraryImport(Library)]
    public static partial int MPI_Comm_split(nint communicator, int color, int key, nint* part);

    [LibraryImport(Library)]
    public static partial int MPI_Comm_free(nint* communicator);

    [LibraryImport(Library)]
    public static partial int MPI_Allgather(void* sent, int sentCount, nint sentType, void* received, int receivedCount, nint receivedType, nint communicator);

    [LibraryImport(Library)]
    public static partial int MPI_Isend(nint address, int count, nint type, int to, int tag, nint communicator, nint* request);

    [LibraryImport(Library)]
    public static partial int MPI_Irecv(nint address, int count, nint type, int from, int tag, nint communicator, nint* request);

    [LibraryImport(Library)]
    public static partial int MPI_Testall(int count, nint* requests, int* haveEnded, MpiStatus* statuses);

    [LibraryImport(Library)]
    public static partial int MPI_Cancel(nint* request);
}
