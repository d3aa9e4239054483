"""What a run leaves behind: channels, frames, result folders, summaries, reports."""
