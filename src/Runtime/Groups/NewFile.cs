using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Lanyard.Groups;

/// <summary>
/// Files that take a name only when no file has it, in one step that no other process comes between. <see cref="File.Move(string, string)"/> looks first and renames then where a
/// file system has no links.
/// </summary>
internal static partial class NewFile
{
    private const int Exists = 17;
    private const int Invalid = 22;
    private const int ErrorFileExists = 80;
    private const int ErrorAlreadyExists = 183;
    private const int WriteThrough = 8;
    private const int FolderMode = 0x1ff;

    /// <summary>Gives a whole file its name, unless another has it. It may keep its temporary one.</summary>
    /// <returns>Whether it has the name.</returns>
    /// <exception cref="IOException">Neither is so, or nobody knows.</exception>
    public static bool TryName(string temporary, string path)
    {
        if (OperatingSystem.IsWindows())
        {
            if (MoveFileEx(temporary, path, WriteThrough)) return true;
            return Marshal.GetLastPInvokeError() is ErrorFileExists or ErrorAlreadyExists ? false : throw Failed("take its name");
        }
        if (Link(temporary, path) == 0) return true;
        return Marshal.GetLastPInvokeError() == Exists ? false : throw Failed("take its name by a hard link, which the file system must have");
    }

    /// <summary>Makes one folder in another, unless it is there.</summary>
    /// <exception cref="IOException">The outer one is not there, or the like.</exception>
    public static void MakeFolder(string path)
    {
        // What .NET makes it makes with all that lack around it: a store whose folder was taken away would be there again, empty.
        if (OperatingSystem.IsWindows())
        {
            if (!CreateDirectory(path, 0) && Marshal.GetLastPInvokeError() != ErrorAlreadyExists) throw Failed("make a folder");
        }
        else if (MakeDirectory(path, FolderMode) != 0 && Marshal.GetLastPInvokeError() != Exists)
        {
            throw Failed("make a folder");
        }
    }

    /// <summary>Makes sure that the names in a folder are on the disk. Windows does so by itself.</summary>
    /// <exception cref="IOException">They may not be.</exception>
    public static void Flush(string folder)
    {
        if (OperatingSystem.IsWindows()) return;
        var file = Open(folder, 0);
        if (file < 0) throw Failed("open its folder");
        try
        {
            // Some file systems cannot, and need not, flush folders.
            if (Synchronise(file) != 0 && Marshal.GetLastPInvokeError() != Invalid) throw Failed("flush its folder");
        }
        finally
        {
            _ = Close(file);
        }
    }

    private static IOException Failed(string what) => new($"it could not {what}: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string from, string to);

    [LibraryImport("libc", EntryPoint = "mkdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MakeDirectory(string path, int mode);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Synchronise(int file);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int file);

    [LibraryImport("kernel32", EntryPoint = "MoveFileExW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool MoveFileEx(string from, string to, int flags);

    [LibraryImport("kernel32", EntryPoint = "CreateDirectoryW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool CreateDirectory(string path, nint security);
}
