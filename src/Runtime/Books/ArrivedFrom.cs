namespace Lanyard.Books;

/// <summary>Where the tensors of one load or refit came from, for messages. May be told from several threads.</summary>
internal sealed class ArrivedFrom
{
    private readonly Lock _lock = new();
    private readonly List<string> _places = [];
    private volatile bool _written;

    /// <summary>The one file or folder that all came from; null where there are others, or none.</summary>
    public string? Only
    {
        get
        {
            lock (_lock) return _places is [var only] && !_written ? only : null;
        }
    }

    /// <summary>What follows "the tensors": <c>of /models/step-3, and those that Write brought,</c>; empty where nothing came.</summary>
    public string Text
    {
        get
        {
            lock (_lock)
            {
                if (_places.Count == 0) return _written ? " that Write brought" : "";
                return string.Join(" and", _places.Select(place => $" of {place}")) + (_written ? ", and those that Write brought," : "");
            }
        }
    }

    /// <summary>Enters a file or folder, or a part of one.</summary>
    public void Enter(string place)
    {
        lock (_lock)
        {
            if (!_places.Contains(place)) _places.Add(place);
        }
    }

    /// <summary>Enters that the caller brought tensors, or elements of one.</summary>
    public void EnterWritten() => _written = true;
}
