using System.Buffers.Binary;
using System.Text;
using Lanyard.Distributed;

namespace Lanyard.Ranks;

/// <summary>Texts as messages: how long each is, then itself.</summary>
internal sealed class Texts(MpiMessages messages)
{
    private const int Tag = 1;

    /// <summary>Sends a text.</summary>
    public void Send(int to, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var length = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
        messages.Send(to, Tag, length);
        messages.Send(to, Tag, bytes);
    }

    /// <summary>Receives a text.</summary>
    public string Receive(int from)
    {
        var length = new byte[sizeof(int)];
        messages.Receive(from, Tag, length);
        var bytes = new byte[BinaryPrimitives.ReadInt32LittleEndian(length)];
        messages.Receive(from, Tag, bytes);
        return Encoding.UTF8.GetString(bytes);
    }

    /// <summary>Gives all processes what the first one makes.</summary>
    public string FromFirst(Func<string> make)
    {
        if (messages.Rank != 0) return Receive(0);
        var text = make();
        for (var rank = 1; rank < messages.Size; rank++) Send(rank, text);
        return text;
    }

    /// <summary>Gives the first process what all have, in their order; null for the others.</summary>
    public IReadOnlyList<string>? ToFirst(string text)
    {
        if (messages.Rank == 0) return [text, .. Enumerable.Range(1, messages.Size - 1).Select(Receive)];
        Send(0, text);
        return null;
    }
}
